// An agent that speaks HTTP, as any program does.
export class Agent {
  #origin
  #token

  static async named(world, name) {
    return new Agent(world.origin, await world.test.ask('token', { name }))
  }

  constructor(origin, token) {
    this.#origin = origin
    this.#token = token
  }

  get(path) {
    return this.#ask('GET', path)
  }

  post(path, body) {
    return this.#ask('POST', path, body)
  }

  create(id, title, content) {
    return this.post('/workspaces', { id, title, content })
  }

  /** The agent's work in one workspace. */
  at(workspace) {
    return new Desk(this, workspace)
  }

  async #ask(method, path, body) {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' }
    const response = await fetch(`${this.#origin}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.detail}`)
    return answer
  }
}

/** What an agent does in a workspace. */
class Desk {
  constructor(agent, workspace) {
    this.agent = agent
    this.base = `/workspaces/${workspace}`
  }

  get(path) {
    return this.agent.get(this.base + path)
  }

  post(path, body = {}) {
    return this.agent.post(this.base + path, body)
  }

  holding(item) {
    return this.get(`/items/${item}`)
  }

  replace(path, find, replace) {
    return this.post('/edits', { path, find, replace })
  }

  edit(...edits) {
    return this.post('/edits', { edits })
  }

  suggest(target, quote, replacement, reason) {
    return this.post('/suggestions', { target, quote, replacement, reason })
  }

  /** Hands an item to whoever comes first. */
  async handOff(item, note) {
    const { epoch } = await this.holding(item)
    const reason = { trigger: 'stakes', note }
    return this.post('/handoffs', { item, to: { queue: 'people' }, mode: 'cold', reason, epoch })
  }

  /** Reads an offer back and takes it. */
  async accept(summary, readBack) {
    const { items } = await this.get('/handoffs?status=open')
    const [{ id }] = items
    await this.post(`/handoffs/${id}/brief`, { summary })
    await readBack?.()
    return this.post(`/handoffs/${id}/accept`)
  }
}
