// A workspace in which everything there is to see can be seen: handed over, with changes,
// suggestions, comments and questions that wait for somebody.
import { Agent } from './agent.mjs'

const CONTENT = {
  plan: {
    goal: 'Understand why people miss interviews, and what would help them to come.',
    steps: [
      {
        id: 'scope',
        title: 'Confirm scope with the clinics',
        body: 'Three clinics agreed to take part. Contact list is in the briefing.\n\n- [x] Northside\n- [x] Harbour Street\n- [x] St. Brigid’s',
        status: 'done',
      },
      {
        id: 'recruit',
        title: 'Recruit participants',
        body: 'Recruit **40 participants** across the three clinics, aiming for an even split by age band.\n\n- Screen by phone before booking\n- Offer a $40 gift card per interview\n- Stop at saturation or after six weeks',
        status: 'needs_decision',
        tier: 'strategic',
      },
      {
        id: 'run',
        title: 'Run the interviews',
        body: 'Each interview lasts about 45 minutes and follows the guide in `guide-v2.md`. Record audio with consent and store it on the study drive.',
        status: 'ready',
      },
      {
        id: 'analyse',
        title: 'Code and analyse',
        body: 'Two raters code the first ten transcripts independently. Resolve disagreements, then split the rest.',
      },
    ],
  },
  briefing: {
    intent: 'The clinics want to know why one appointment in five is missed.',
    next_step: 'Decide about the gift card, then invite.',
    confidence: 0.7,
    sentiment: 'neutral',
    entities: { deadline: 'Friday, 12:00', invitations: 48 },
    actions: [
      { text: 'Called the three clinics', outcome: 'done' },
      { text: 'Asked finance for a higher budget', outcome: 'declined' },
      { text: 'Looked for a list of former participants', outcome: 'failed' },
    ],
    constraints: ['Ethics approval ends in May', 'No recording without consent'],
    questions: [
      { id: 'q-card', text: 'Is a $40 gift card enough?' },
      { text: 'May we call in the evening?', answer: 'Yes, until eight.' },
    ],
    sources: [{ title: 'Missed appointments by clinic', uri: 'urn:example:clinics:missed', kind: 'data' }],
  },
  tasks: [
    { id: 't-list', title: 'Check the list for duplicates', status: 'done', step: 'recruit' },
    { id: 't-mail', title: 'Write the invitation', status: 'doing', priority: 'high', step: 'recruit', due: '2026-12-01' },
    { id: 't-card', title: 'Choose the gift card', status: 'waiting', priority: 'urgent', step: 'recruit' },
    { id: 't-book', title: 'Book the rooms', status: 'todo', step: 'run', blocked_by: ['t-card', 't-mail'] },
  ],
  notes: '# Notes\n\nEvening slots work better for people in shifts.\n\n1. Ask for consent twice\n2. Keep a spare recorder\n\n> “Nobody told me that I could call.”',
}
const RECRUIT = 'plan/steps/recruit/body'
const ANALYSE = 'plan/steps/analyse/body'

/** As the planner leaves it before anybody comes. */
export async function clinic(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('clinic', 'Clinic interview study', CONTENT)
  return planner.at('clinic')
}

/** What the planner then does and hands over. */
export async function goesOn(desk) {
  await desk.replace(RECRUIT, '40 participants', '48 participants')
  await desk.replace('plan/steps/run/body', '45 minutes', '60 minutes')
  await desk.edit({ do: 'patch', at: 'plan/steps/analyse', set: { status: 'ready' } })
  await desk.suggest(RECRUIT, '$40 gift card', '$50 gift card or a donation', 'so that evening clinic staff are paid fairly.')
  await desk.suggest(ANALYSE, 'ten transcripts', 'twelve transcripts', 'ten are too few to agree on.')
  await desk.replace(ANALYSE, 'the first ten transcripts', 'the first 8 transcripts')
  await desk.post('/threads', { target: RECRUIT, quote: 'Screen by phone', text: 'Who calls those without a phone?' })
  await desk.post('/approvals', {
    title: 'Send 48 invitation emails?',
    action: { kind: 'send_emails', arguments: { list: 'clinics', count: 48 } },
    why: 'The list passed the duplicate check. Sending starts the six week clock.',
    if_approved: 'Emails go out from study@lab.example at 09:00 tomorrow.',
    if_declined: 'Nothing is sent. Planner drafts a smaller pilot of 10 instead.',
    reversible: false,
    risk: 0.6,
    scope: ['plan/steps/run/body'],
  })
  await desk.handOff('plan', 'Draft is complete. Budget and sampling need a human call.')
}
