// The whole round of the pen: an agent drafts and hands off, two people want it, one decides, and
// the agent has it back.
import { equal, until } from '../person.mjs'

const STEPS = [
  { id: 's1', title: 'Recruit participants', body: 'Offer a $40 gift card.', status: 'ready', tier: 'strategic' },
]
const BRIEFING = {
  intent: 'Understand why people miss interviews',
  next_step: 'Decide about the gift card',
  actions: [{ text: 'Called the clinics', outcome: 'done' }],
  constraints: [{ text: 'Ethics approval ends in May' }],
}

export default async function pen(world) {
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  const agent = await Agent.named(world, 'Planner')
  await agent.post('/workspaces', { id: 'study', title: 'Clinic study', content: { plan: { goal: 'Ask 48 people', steps: STEPS }, briefing: BRIEFING } })

  await agentHandsOff(agent)
  const { winner, loser } = await bothClaim(world, mara, ravi)
  await sees(winner.page, 'You own this plan')
  await loser.open('study')
  await sees(loser.page, `${winner.name} owns this plan`)

  await agentAsks(agent)
  await decides(world, winner, loser)
  await handsBack(world, winner, agent)
}

async function agentHandsOff(agent) {
  await agent.post('/workspaces/study/handoffs', {
    item: 'plan',
    to: { queue: 'people' },
    mode: 'cold',
    reason: { trigger: 'stakes', note: 'The amount needs a person.' },
    epoch: await agent.epoch('plan'),
  })
}

/** Both see it live in their inbox and reach for it; whoever is slower reads who was faster. */
async function bothClaim(world, mara, ravi) {
  const claims = [mara, ravi].map(({ page }) => page.getByRole('button', { name: /^Claim: The plan waits/ }))
  await Promise.all(claims.map((button) => button.waitFor()))
  await world.photograph(mara.page, 'inbox')
  world.expect(/status of 409/)
  await Promise.all(claims.map((button) => button.click()))
  const isOver = async ({ page }) => new URL(page.url()).pathname.startsWith('/w/')
  await until('somebody has it', async () => (await isOver(mara)) || (await isOver(ravi)))
  const [winner, loser] = (await isOver(mara)) ? [mara, ravi] : [ravi, mara]
  await loser.page.getByText(`${winner.name} has it now`).waitFor()
  await world.photograph(loser.page, 'lost')
  return { winner, loser }
}

async function agentAsks(agent) {
  await agent.post('/workspaces/study/approvals', {
    title: 'Send 48 invitations?',
    action: { kind: 'send_emails', arguments: { count: 48 } },
    why: 'The list is checked.',
    if_approved: 'They go out at nine.',
    if_declined: 'Nothing is sent.',
    reversible: false,
    risk: 0.6,
    scope: ['plan/steps/s1/body'],
  })
}

/** An answer needs a note, the opened payload, and a text that has not changed meanwhile. */
async function decides(world, winner, other) {
  const { page } = winner
  const card = page.getByRole('article', { name: 'Send 48 invitations?' })
  const approve = card.getByRole('button', { name: 'Approve', exact: true })
  await card.getByText('They go out at nine.').waitFor()
  equal(await approve.isDisabled(), true, 'what cannot be undone is opened first')
  await card.getByText('What will run', { exact: true }).click()
  await approve.click()
  await card.getByText('A few words go with every answer.').waitFor()

  await other.write('Text of step 1', ' Or $50.')
  await card.getByText('changed this. Look again.').waitFor()
  equal(await approve.isDisabled(), true, 'a card that changed is locked')
  await world.photograph(page, 'locked')
  await card.getByRole('button', { name: 'Show what it is now' }).click()
  await card.getByRole('textbox', { name: 'A note that goes with your answer' }).fill('After lunch.')
  await approve.click()
  await card.waitFor({ state: 'detached' })
}

async function handsBack(world, winner, agent) {
  const { page } = winner
  await page.getByRole('button', { name: 'Hand off…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Hand off this plan' })
  await dialog.getByRole('radio', { name: /^Planner/ }).check()
  await dialog.getByRole('textbox', { name: 'What should they know?' }).fill('Keep the age bands.')
  await world.photograph(page, 'hand-off')
  await dialog.getByRole('button', { name: /^Hand to Planner/ }).click()
  await sees(page, 'You offer Planner this plan')

  const { items } = await agent.get('/workspaces/study/handoffs?status=open')
  await agent.post(`/workspaces/study/handoffs/${items[0].id}/brief`, { summary: 'Bands stay, then invite.' })
  await page.getByText('Bands stay, then invite.').waitFor()
  await agent.post(`/workspaces/study/handoffs/${items[0].id}/accept`, {})
  await sees(page, 'Planner owns this plan')

  await winner.open('study', 'activity')
  for (const line of ['claimed the plan', 'approved “Send 48 invitations?”', 'took the plan over as offered']) {
    await page.getByText(line).first().waitFor()
  }
  await world.photograph(page, 'activity')
}

const sees = (page, title) =>
  page.getByRole('region', { name: 'Who holds the pen' }).getByRole('heading', { name: title }).waitFor()

/** An agent that speaks HTTP. */
class Agent {
  constructor(origin, token) {
    this.origin = origin
    this.token = token
  }

  static async named(world, name) {
    return new Agent(world.origin, await world.test.ask('token', { name }))
  }

  get(path) {
    return this.#ask('GET', path)
  }

  post(path, body) {
    return this.#ask('POST', path, body)
  }

  async epoch(item) {
    const { epoch } = await this.get(`/workspaces/study/items/${item}`)
    return epoch
  }

  async #ask(method, path, body) {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }
    const response = await fetch(`${this.origin}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.detail}`)
    return answer
  }
}
