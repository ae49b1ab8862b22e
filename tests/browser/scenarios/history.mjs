// Earlier versions of a plan: read as it was, one step of it brought back, then all of it.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const BEFORE = ['Offer a **$40** gift card.', 'Meet in the lab.']
const AFTER = ['Offer a **$50** gift card.', 'Meet in the lab on Mondays.']
const PLACES = ['plan/steps/s1/body', 'plan/steps/s2/body']

export default async function history(world) {
  const planner = await Agent.named(world, 'Planner')
  const steps = BEFORE.map((body, at) => ({ id: `s${at + 1}`, title: `Step ${at + 1}`, body }))
  await planner.create('study', 'Clinic study', { plan: { steps } })
  const study = planner.at('study')
  const mara = await world.person('Mara Lind')
  await mara.open('study', 'history')
  const { page } = mara
  await page.getByRole('textbox', { name: 'Name of the version' }).fill('Before the pilot')
  await page.getByRole('button', { name: 'Keep it' }).click()
  const version = page.getByRole('link', { name: /^Before the pilot/ })
  await version.waitFor()
  await study.replace(PLACES[0], '$40', '$50')
  await study.replace(PLACES[1], 'lab.', 'lab on Mondays.')

  await version.click()
  const first = page.getByRole('textbox', { name: 'Body of step 1' })
  await first.filter({ hasText: 'Offer a $removed: 40added: 50 gift card.' }).waitFor()
  equal(await first.getAttribute('aria-readonly'), 'true', 'the past is only read')
  await world.photograph(page, 'then')
  await page.getByRole('checkbox', { name: 'Mark what is otherwise now' }).uncheck()
  await first.filter({ hasText: /^Offer a \$40 gift card\.$/ }).waitFor()

  await page.getByRole('button', { name: 'Bring back this step' }).first().click()
  await reads(world, [BEFORE[0], AFTER[1]])
  await page.getByRole('button', { name: 'Bring back the whole plan' }).click()
  await reads(world, BEFORE)
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
  await reads(world, [BEFORE[0], AFTER[1]])
  await world.photograph(page, 'brought-back')

  await mara.open('study', 'activity')
  await page.getByRole('link', { name: 'See the plan then' }).first().click()
  await page.getByText('This is the version that was kept closest').waitFor()
  await page.getByRole('textbox', { name: 'Body of step 1' }).waitFor()
}

async function reads(world, bodies) {
  await until(`the plan reads ${bodies}`, async () => {
    const { plan } = await world.document('study')
    return plan.steps.every(({ body }, at) => body.trim() === bodies[at])
  })
}
