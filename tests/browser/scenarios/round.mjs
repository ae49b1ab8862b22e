// The whole round: an agent drafts and hands off; a person finds it in the inbox, looks at each
// change, decides, hands it back; the agent goes on, asks for leave, gets it, and is done.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const CONTENT = {
  plan: {
    goal: 'Understand why people miss interviews',
    steps: [
      { id: 's1', title: 'Recruit participants', body: 'Recruit 40 people.\nScreen them by phone.', status: 'ready', tier: 'strategic' },
      { id: 's2', title: 'Run the interviews', body: 'Each lasts about 45 minutes.', status: 'draft' },
    ],
  },
  briefing: {
    intent: 'Understand why people miss interviews',
    actions: [{ text: 'Called the clinics', outcome: 'done' }],
    constraints: ['Ethics approval ends in May'],
    questions: [{ id: 'q1', text: 'Is a $40 gift card enough?' }],
  },
}

export default async function round(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', 'Clinic study', CONTENT)
  const study = planner.at('study')
  const mara = await world.person('Mara Lind')
  await hasBeenHere(mara)

  await drafts(study)
  await claims(world, mara)
  await reviews(world, mara)
  await decides(world, mara)
  await completes(world, mara)
  await mara.handsOff('Planner', 'The card may cost more; the rest is fine.')
  await resumes(study, mara)
  await approves(world, study, mara)
  await isDone(world, study, mara)
}

/** What changes later is shown against what she saw now. */
async function hasBeenHere(mara) {
  await mara.open('study')
  await mara.learns('Planner owns this plan')
  await mara.inbox()
  await mara.page.getByRole('link', { name: /Clinic study/ }).getByText('Planner holds the workspace').waitFor()
}

async function drafts(study) {
  await study.replace('plan/steps/s1/body', '40 people', '48 people')
  await study.replace('plan/steps/s2/body', '45 minutes', '60 minutes')
  await study.edit({ do: 'patch', at: 'plan/steps/s2', set: { status: 'ready' } })
  await study.handOff('plan', 'The draft is complete. The gift card needs a person.')
}

async function claims(world, mara) {
  const { page } = mara
  const claim = page.getByRole('button', { name: /^Claim: The plan waits/ })
  await claim.waitFor()
  await until('the title counts it', async () => (await page.title()) === '(1) Inbox · Penhold')
  await world.photograph(page, 'inbox')
  await claim.click()
  await mara.learns('You own this plan')
}

/** Looks good, put back, comment: one answer for each of the three changes. */
async function reviews(world, mara) {
  const { page } = mara
  await page.getByRole('button', { name: 'Review 3 changes' }).click()
  const review = page.getByRole('region', { name: 'Review' })
  await review.getByText('3 changes left').waitFor()
  await world.photograph(page, 'review')
  const change = (words) => page.getByRole('article', { name: 'Change' }).filter({ hasText: words })
  await change('48').getByRole('button', { name: 'Looks good' }).click()
  await review.getByText('2 changes left, 1 reviewed').waitFor()
  await change('Ready').getByRole('button', { name: 'Comment' }).click()
  await page.keyboard.type('Not before the guide is printed.')
  await mara.press('Control+Enter')
  await page.getByText('Not before the guide is printed.').first().waitFor()
  await change('60').getByRole('button', { name: 'Put back' }).click()
  await mara.sees('Text of step 2', 'Each lasts about 45 minutes.')
  await review.getByText('1 change left').waitFor()
  await change('Ready').getByRole('button', { name: 'Looks good' }).click()
  await review.getByText('All reviewed.').waitFor()
  await world.photograph(page, 'reviewed')
}

/** The open question of the briefing is answered, in a line and with its reasons. */
async function decides(world, mara) {
  const { page } = mara
  await page.getByRole('link', { name: 'Briefing' }).click()
  await page.getByRole('button', { name: 'Decide…' }).click()
  const form = page.getByRole('form', { name: 'Decide' })
  await form.getByRole('textbox', { name: 'Decision' }).fill('Raise it to $50')
  await form.getByRole('textbox', { name: 'Why' }).fill('Evenings are paid like that elsewhere.')
  await world.photograph(page, 'decide')
  await form.getByRole('button', { name: 'Decide' }).click()
  await mara.sees('Answer to question 1', 'Raise it to $50')
  await page.getByRole('link', { name: 'Plan', exact: true }).click()
}

/** Nothing is left to be done by whoever would get it: the dialog says so, and leads there. */
async function completes(world, mara) {
  const { page } = mara
  world.expect(/status of 422/)
  await page.getByRole('button', { name: 'Hand off…' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Hand off this plan' })
  await dialog.getByRole('button', { name: /^Hand to/ }).click()
  await dialog.getByRole('status').getByText('Next step').waitFor()
  await world.photograph(page, 'incomplete')
  await dialog.getByRole('button', { name: 'Complete the briefing' }).click()
  await mara.write('Next step', 'Invite those who are left')
  await mara.saved()
  await page.getByRole('link', { name: 'Plan', exact: true }).click()
}

/** The agent reads the decision back, gets the pen, and acknowledges what happened meanwhile. */
async function resumes(study, mara) {
  await mara.learns('You offer Planner this plan')
  const words = 'Forty-five minutes stay; I look for a better card.'
  await study.accept(words, () => mara.page.getByText(words).waitFor())
  await mara.learns('Planner owns this plan')
  const { epoch, gate } = await study.holding('plan')
  const { cursor, decisions = [] } = gate
  await mara.page.getByText(/Planner is catching up. Until then it can only suggest/).waitFor()
  await study.post('/items/plan/resume', { epoch, cursor, decisions })
  const { items } = await study.get('/decisions?status=open')
  equal(items.map(({ title, note }) => [title, note]), [['Raise it to $50', 'Evenings are paid like that elsewhere.']], 'the decision')
  const { lease } = await study.post(`/decisions/${items[0].id}/take`)
  await study.post(`/decisions/${items[0].id}/consume`, { lease, outcome: 'The budget is changed.' })
  await study.replace('plan/steps/s1/body', 'by phone', 'by phone, twice')
  await mara.sees('Text of step 1', 'by phone, twice')
}

async function approves(world, study, mara) {
  await study.post('/approvals', {
    title: 'Send 48 invitations?',
    action: { kind: 'send_emails', arguments: { count: 48 } },
    why: 'The list is checked.',
    if_approved: 'They go out at nine.',
    if_declined: 'Nothing is sent.',
    reversible: false,
    risk: 0.6,
    scope: ['plan/steps/s1/body'],
  })
  const { page } = mara
  await mara.inbox()
  await page.getByText('Cannot be undone').waitFor()
  await study.replace('plan/steps/s2/body', 'about 45', '45')
  await page.getByRole('button', { name: /^Review: Send 48 invitations/ }).click()
  // What she saw on her last visit is not shown to her again.
  await page.getByRole('button', { name: 'Review 1 change' }).waitFor()
  // Loading the page again is no visit of its own.
  await page.reload()
  await page.getByRole('button', { name: 'Review 1 change' }).waitFor()
  const card = page.getByRole('article', { name: 'Send 48 invitations?' })
  await card.getByText('They go out at nine.').waitFor()
  const approve = card.getByRole('button', { name: 'Approve', exact: true })
  equal(await approve.isDisabled(), true, 'what cannot be undone is opened first')
  await card.getByText('What will run', { exact: true }).click()
  await approve.click()
  const hint = card.getByText('A few words go with every answer.')
  await hint.waitFor()
  await card.getByRole('textbox', { name: 'A note that goes with your answer' }).fill('After lunch.')
  await hint.waitFor({ state: 'detached' })
  await world.photograph(page, 'approval')
  await approve.click()
  await card.waitFor({ state: 'detached' })
}

async function isDone(world, study, mara) {
  const { items } = await study.get('/approvals?status=open')
  equal(items.map(({ answers }) => answers.at(-1).note), ['After lunch.'], 'the note travels with the answer')
  const { grant } = await study.post(`/approvals/${items[0].id}/take`)
  await study.post(`/approvals/${items[0].id}/consume`, { grant, result: '48 sent' })
  await study.edit({ do: 'patch', at: 'plan/steps/s1', set: { status: 'done' } })
  await mara.page.getByRole('button', { name: 'Status of step 1: Done' }).waitFor()

  await mara.open('study', 'activity')
  const told = [/claimed the plan/, /decided about the plan: Raise it/, /acted on the decision/, /offered Planner the plan/, /approved “Send 48 invitations\?”/]
  for (const line of told) await mara.page.getByText(line).first().waitFor()
  await mara.page.getByText('“After lunch.”').waitFor()
  await world.photograph(mara.page, 'activity')
}
