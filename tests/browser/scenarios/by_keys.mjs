// A whole turn without a mouse: from the sign-in link to handing the pen back.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const CONTENT = {
  plan: {
    steps: [
      { id: 's1', title: 'Recruit participants', body: 'Recruit 40 people.' },
      { id: 's2', title: 'Run the interviews', body: 'Each lasts 45 minutes.' },
    ],
  },
  briefing: {
    intent: 'Understand why people miss interviews',
    next_step: 'Decide about the length',
    actions: [{ text: 'Called the clinics', outcome: 'done' }],
    constraints: ['Ethics approval ends in May'],
  },
}

export default async function byKeys(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', 'Clinic study', CONTENT)
  const study = planner.at('study')
  const mara = await world.person('Mara Lind')
  await mara.open('study')
  await mara.saved()
  await mara.inbox()
  await study.replace('plan/steps/s1/body', '40 people', '48 people')
  await study.replace('plan/steps/s2/body', '45 minutes', '60 minutes')
  await study.suggest('plan/steps/s2/title', 'Run', 'Hold', 'Nobody runs.')
  await study.handOff('plan', 'The length needs a person.')
  const { page } = mara
  const { keyboard } = page

  await page.getByRole('button', { name: /^Claim: The plan waits/ }).waitFor()
  await mara.press('j', 'e')
  await mara.learns('You own this plan')
  await page.getByRole('button', { name: 'Review 2 changes' }).waitFor()

  // N goes from one thing that needs her to the next: first what is to be looked at.
  await mara.press('r')
  const review = page.getByRole('region', { name: 'Review' })
  await review.getByText('2 changes left').waitFor()
  await focusOn(mara, 'Change')
  await mara.press('l')
  await review.getByText('1 change left, 1 reviewed').waitFor()
  await focusOn(mara, 'Change')
  await mara.press('u')
  await review.getByText('All reviewed.').waitFor()
  await mara.sees('Text of step 2', 'Each lasts 45 minutes.')
  await mara.press('r')
  await focusOn(mara, 'Planner suggests')
  await mara.press('a')
  await mara.sees('Title of step 2', 'Hold the interviews')

  await mara.press('h')
  const dialog = page.getByRole('dialog', { name: 'Hand off this plan' })
  const planned = dialog.getByRole('radio', { name: /^Planner/ })
  await planned.waitFor()
  for (let presses = 0; presses < 10 && !(await planned.isChecked()); presses += 1) await mara.press('ArrowDown')
  await mara.press('Tab')
  await keyboard.type('Forty-five minutes stay.')
  await mara.press('Control+Enter')
  await mara.learns('You offer Planner this plan')
  await study.accept('Forty-five it is.')
  await mara.learns('Planner owns this plan')

  const { plan } = await world.document('study')
  equal(plan.steps.map(({ body }) => body), ['Recruit 48 people.', 'Each lasts 45 minutes.'], 'the texts')
}

/** Presses N until it has brought her to something of this name. */
async function focusOn(mara, name) {
  const named = () => mara.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  await until(`N leads to ${name}`, async () => {
    await mara.press('n')
    return (await named()) === name
  })
}
