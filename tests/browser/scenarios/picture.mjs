// The pictures in the README, of what really happens: an agent drafts while people write, hands
// over, and somebody looks at what changed.
import { fileURLToPath } from 'node:url'
import { Agent } from '../agent.mjs'
import { clinic, goesOn } from '../clinic.mjs'
import { until } from '../person.mjs'

const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url))

export default async function picture(world) {
  const desk = await clinic(world)
  const mara = await world.person('Mara Lindqvist', { colorScheme: 'light', reducedMotion: 'reduce' })
  const ravi = await world.person('Ravi Menon')
  await mara.open('clinic')
  await mara.saved()
  await mara.inbox()
  await goesOn(desk)
  await others(world)
  await inbox(mara)
  await review(mara, ravi)
  await plan(world, mara, ravi)
}

/** Other agents at work, and another plan that waits. */
async function others(world) {
  const scout = await Agent.named(world, 'Scout')
  await scout.create('visits', 'Site visit logistics', { plan: { goal: 'Three visits in one week' } })
  const briefing = {
    intent: 'Renew the grant without cutting a position',
    next_step: 'Choose between two budget options',
    actions: [{ text: 'Compared both options with last year', outcome: 'done' }],
    constraints: ['The deadline is on Friday'],
  }
  await scout.create('grant', 'Grant renewal outline', { plan: { goal: 'Hand it in on time' }, briefing })
  await scout.at('grant').handOff('plan', 'Two budget options, and the choice is not mine.')
}

async function inbox(mara) {
  const { page } = mara
  await page.getByRole('button', { name: /^Claim: .*, Grant renewal outline/ }).waitFor()
  await page.getByRole('button', { name: /^Claim: .*, Clinic interview study/ }).waitFor()
  await page.getByText('Scout holds').first().waitFor()
  await mara.press('j')
  await take(page, 'inbox')
}

async function review(mara, ravi) {
  const { page } = mara
  await mara.open('clinic')
  await page.getByRole('button', { name: 'Claim' }).click()
  await mara.learns('You own this plan')
  await page.getByRole('group', { name: 'You own this plan now' }).waitFor({ state: 'detached' })
  await ravi.open('clinic')
  await ravi.write('Text of step 4', ' Keep both readings.')
  await page.getByRole('button', { name: /^Review \d changes/ }).click()
  await page.getByRole('article', { name: 'Change' }).filter({ hasText: 'Ravi' }).first().waitFor()
  await scrollTo(mara, 'Step 2')
  await mara.saved()
  await take(page, 'review')
}

/** The sample workspace while people and the demo agent write. */
async function plan(world, mara, ravi) {
  await Promise.all([mara.open('welcome'), ravi.open('welcome')])
  await world.test.ask('demo', { workspace: 'welcome' })
  const text = mara.text('Text of step 5')
  await text.waitFor()
  await until('the agent has written a little', async () => (await text.innerText()).length > 50)
  await ravi.write('Text of step 4', ' ')
  await scrollTo(mara, 'Step 3')
  await mara.sign('saved')
  await mara.page.locator('.cm-remote-agent').first().waitFor()
  await take(mara.page, 'plan')
}

function scrollTo(mara, name) {
  return mara.page.getByRole('listitem', { name, exact: true }).evaluate((step) => {
    scrollTo(0, step.getBoundingClientRect().top + scrollY - 120)
  })
}

function take(page, name) {
  return page.screenshot({ path: `${IMAGES}${name}.png` })
}
