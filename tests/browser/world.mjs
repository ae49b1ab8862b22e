// The browser, the people in it, and what must hold for every page whatever the scenario:
// no error in the console, no request to another origin.
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { Network } from './network.mjs'
import { Person } from './person.mjs'

export const CHROMIUM = '/usr/bin/chromium'
export const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const ARTIFACTS = fileURLToPath(new URL('../artifacts/', import.meta.url))

/** Nothing that is waited for takes this long on a machine that works. */
export const PATIENCE_MS = 30_000

export class World {
  #name
  #browser
  #pages = []
  #complaints = []
  #expected = []

  static async open(test, name) {
    if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing; run \`make setup-tests\``)
    const { address, link } = await test.ask('server')
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
    const network = await Network.to(address)
    return new World({ test, name, browser, network, link })
  }

  constructor({ test, name, browser, network, link }) {
    this.test = test
    this.network = network
    /** The link that the server printed when it started. */
    this.link = this.#through(link)
    this.#name = name
    this.#browser = browser
  }

  /** Where the browser finds the server: behind a network that can be cut. */
  get origin() {
    return `http://${this.network.address}`
  }

  /** A page of somebody's own: nothing is shared with other pages, nobody is signed in. */
  async page(options = {}) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    context.setDefaultTimeout(PATIENCE_MS)
    const page = await context.newPage()
    this.#pages.push(page)
    context.on('request', (request) => this.#isOwn(request.url()))
    page.on('websocket', (socket) => this.#isOwn(socket.url().replace(/^ws/, 'http')))
    page.on('pageerror', (error) => this.#complaints.push(`thrown: ${error.stack}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(`console: ${message.text()}`)
    })
    return page
  }

  /** Somebody signed in by a link of their own, at the list of workspaces. */
  async person(name, { role = 'editor', ...options } = {}) {
    const link = await this.test.ask('link', { name, role })
    const person = new Person(this, name, await this.page(options))
    await person.signIn(this.#through(link))
    return person
  }

  /** What the server has, as its API says. */
  document(workspace) {
    return this.test.ask('document', { workspace })
  }

  /** From here on the browser's own notes on these failures are part of the story. */
  expect(...patterns) {
    this.#expected.push(...patterns)
  }

  complaints() {
    return this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
  }

  check() {
    const complaints = this.complaints()
    if (complaints.length > 0) throw new Error('the page complained')
  }

  async photograph(page, name) {
    mkdirSync(ARTIFACTS, { recursive: true })
    await page.screenshot({ path: `${ARTIFACTS}${this.#name}-${name}.png` })
  }

  async photographAll(name) {
    for (const [at, page] of this.#pages.entries()) {
      if (!page.isClosed()) await this.photograph(page, `${name}-${at + 1}`).catch(() => {})
    }
  }

  async close() {
    await this.#browser.close()
    this.network.close()
  }

  #isOwn(url) {
    const isInside = url.startsWith('data:') || url.startsWith('blob:')
    if (!isInside && new URL(url).origin !== this.origin) this.#complaints.push(`request to ${url}`)
  }

  #through(link) {
    const url = new URL(link)
    return `${this.origin}${url.pathname}${url.search}`
  }
}

/** The browser's own words when there is no connection. */
export const NO_CONNECTION = [
  /Failed to load resource: net::ERR_/,
  /WebSocket connection to .* failed/,
]
/** The browser's own words for an answer that refuses. */
export const REFUSED = /Failed to load resource: the server responded with a status of 40[134]/
