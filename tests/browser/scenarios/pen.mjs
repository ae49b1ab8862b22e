// Two people reach for the pen at once, and one takes it while the other types.
import { Agent } from '../agent.mjs'
import { beside, equal, until } from '../person.mjs'

const CONTENT = {
  plan: { goal: 'Ask 48 people', steps: [{ id: 's1', title: 'Recruit participants', body: 'Offer a $40 gift card.' }] },
  briefing: {
    intent: 'Understand why people miss interviews',
    next_step: 'Decide about the gift card',
    actions: [{ text: 'Called the clinics', outcome: 'done' }],
    constraints: ['Ethics approval ends in May'],
  },
}

export default async function pen(world) {
  const people = [await world.person('Mara Lind', { role: 'admin' }), await world.person('Ravi Shah', { role: 'admin' })]
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', 'Clinic study', CONTENT)
  await planner.at('study').handOff('plan', 'The amount needs a person.')

  const { winner, loser } = await bothClaim(world, people)
  await winner.learns('You own this plan')
  await loser.open('study')
  await loser.learns(`${winner.name} owns this plan`)
  await takesOverWhileTyping(world, winner, loser)
}

/** Both see it live in their inbox and reach for it; whoever is slower reads who was faster. */
async function bothClaim(world, [mara, ravi]) {
  const held = []
  /** Both have reached for it before either is answered. */
  const together = async (route) => {
    held.push(route)
    if (held.length === 2) await Promise.all(held.map((request) => request.continue()))
  }
  const claims = [mara, ravi].map(({ page }) => page.getByRole('button', { name: /^Claim: The plan waits/ }))
  await Promise.all(claims.map((button) => button.waitFor()))
  await Promise.all([mara, ravi].map(({ page }) => page.route('**/claim', together)))
  world.expect(/status of 409/)
  await Promise.all(claims.map((button) => button.click()))
  const isOver = async ({ page }) => new URL(page.url()).pathname.startsWith('/w/')
  await until('somebody has it', async () => (await isOver(mara)) || (await isOver(ravi)))
  const [winner, loser] = (await isOver(mara)) ? [mara, ravi] : [ravi, mara]
  await loser.page.getByText(`${winner.name} has it now`).waitFor()
  await world.photograph(loser.page, 'lost')
  return { winner, loser }
}

/** The pen goes; the typist keeps their caret, and every word of both is there. */
async function takesOverWhileTyping(world, typist, taker) {
  const words = Array.from({ length: 15 }, (_, n) => `word${n}`).join(' ')
  await typist.goTo('Text of step 1')
  const typing = beside(typist.page.keyboard.type(` ${words}.`, { delay: 15 }))
  await taker.sees('Text of step 1', 'word5 ')
  await taker.page.getByRole('button', { name: 'Take over' }).click()
  await taker.learns('You own this plan')
  await taker.write('Title of step 1', ' and book them')
  await typing
  await typist.learns(`${taker.name} owns this plan`)
  await Promise.all([typist.saved(), taker.saved()])
  await world.photograph(typist.page, 'taken-over')
  const { plan } = await world.document('study')
  const [{ title, body }] = plan.steps
  equal(body, `Offer a $40 gift card. ${words}.`, 'what was typed meanwhile')
  equal(title, 'Recruit participants and book them', 'what the taker wrote')
}
