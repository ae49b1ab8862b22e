// What a person approves is what they read: a card whose text changes meanwhile is locked, and an
// answer to what stood there before is refused.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const STEPS = [{ id: 's1', title: 'Invite participants', body: 'Offer a $40 gift card.' }]

export default async function approvals(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', 'Clinic study', { plan: { steps: STEPS } })
  const study = planner.at('study')
  await study.post('/approvals', {
    title: 'Send 48 invitations?',
    action: { kind: 'send_emails', arguments: { count: 48 } },
    why: 'The list is checked.',
    reversible: true,
    risk: 0.6,
    scope: ['plan/steps/s1/body'],
  })
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('study'), ravi.open('study')])

  const card = mara.page.getByRole('article', { name: 'Send 48 invitations?' })
  const approve = card.getByRole('button', { name: 'Approve', exact: true })
  await card.getByRole('textbox', { name: 'A note that goes with your answer' }).fill('Forty is fine.')
  await isRefusedUnseen(world, { mara, ravi, approve })
  await card.getByText('This changed. Look again.').waitFor()
  equal(await approve.isDisabled(), true, 'a card that changed is locked')
  await card.getByText('or $50').waitFor()
  await world.photograph(mara.page, 'locked')
  await card.getByRole('button', { name: 'I have read it' }).click()
  await approve.click()
  await card.waitFor({ state: 'detached' })

  const { items } = await study.get('/approvals')
  equal(items.map(({ status, answers }) => [status, answers.length]), [['approved', 1]], 'one answer counts')
}

/** Mara answers before her page has heard of the change: the server knows better. */
async function isRefusedUnseen(world, { mara, ravi, approve }) {
  world.expect(/status of 409/)
  await mara.page.route('**/approvals/*/answer', async (route) => {
    await ravi.write('Text of step 1', ' It may be or $50.')
    await ravi.saved()
    await until('the server has it', async () => (await world.document('study')).plan.steps[0].body.includes('$50'))
    await route.continue()
  })
  await approve.click()
  await mara.page.getByText('This changed while you answered. Nothing was sent.').waitFor()
  await mara.page.unroute('**/approvals/*/answer')
}
