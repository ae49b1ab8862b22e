// Somebody at a page: what they do and what they see, named as a screen reader would.
import { PATIENCE_MS } from './world.mjs'

export class Person {
  constructor(world, name, page) {
    this.world = world
    this.name = name
    this.page = page
  }

  async signIn(link) {
    await this.page.goto(link)
    await this.page.getByRole('heading', { name: /^Good (morning|afternoon|evening), / }).waitFor()
  }

  async open(workspace, tab = 'plan') {
    await this.page.goto(`${this.world.origin}/w/${workspace}/${tab}`)
    await this.page.getByRole('navigation', { name: 'Parts of the workspace' }).waitFor()
  }

  /** Their inbox. */
  async inbox() {
    await this.page.goto(this.world.origin)
    await this.page.getByText(/You’re clear|waiting for you/).waitFor()
  }

  /** Waits until the page says this of who holds the pen. */
  async learns(title) {
    const banner = this.page.getByRole('region', { name: 'Who holds the pen' })
    await banner.getByRole('heading', { name: title }).waitFor()
  }

  /** Fills in the dialog in which the pen is passed, and sends it. */
  async handsOff(receiver, note) {
    await this.page.getByRole('button', { name: 'Hand off…' }).first().click()
    const dialog = this.page.getByRole('dialog', { name: /^Hand off/ })
    await dialog.getByRole('radio', { name: new RegExp(`^${receiver}`) }).check()
    await dialog.getByRole('textbox', { name: 'What should they know?' }).fill(note)
    await this.world.photograph(this.page, 'hand-off')
    await dialog.getByRole('button', { name: new RegExp(`^Hand to ${receiver}`) }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  /** Presses keys one after the other. */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  text(name) {
    return this.page.getByRole('textbox', { name, exact: true })
  }

  /** Types at the end of a text, as fast as a quick typist does in a hurry. */
  async write(name, words) {
    await this.goTo(name)
    await this.page.keyboard.type(words, { delay: 8 })
  }

  /** Puts the caret at the end of a text. */
  async goTo(name) {
    await this.text(name).click()
    await this.page.keyboard.press('Control+End')
  }

  /** Chooses what stands in a text between two places. */
  async select(name, { from, to }) {
    await this.goTo(name)
    const steps = [...Array(from).fill('ArrowRight'), ...Array(to - from).fill('Shift+ArrowRight')]
    await this.press('Control+Home', ...steps)
  }

  async sees(name, words) {
    await this.text(name).filter({ hasText: words }).waitFor()
  }

  /** Waits until the page says how its edits fare: saved, saving, slow, offline, back… */
  async sign(state) {
    const chip = this.page.locator(`[data-state="${state}"]`)
    await chip.waitFor()
    return (await chip.textContent()).trim()
  }

  /** Waits until everything typed until now is shown as saved: "Saving…" has had its time to show. */
  async saved() {
    const since = Date.now()
    await this.page.waitForFunction(
      (from) => Date.now() - from > 1000 && document.querySelector('[data-state="saved"]'),
      since,
    )
  }

  /** Waits for somebody in the row of faces at the top. */
  async meets(description) {
    const faces = this.page.getByRole('list', { name: 'Here now' })
    await faces.getByRole('listitem').filter({ hasText: description }).waitFor()
  }

  /** Waits for somebody's caret with their name in a text. */
  async seesCaret(text, name) {
    const editor = this.page.locator('.cm-editor', { has: this.text(text) })
    await editor.locator('.cm-remote-caret', { hasText: name }).waitFor({ state: 'attached' })
  }
}

/** Waits until `holds`, asking again and again. */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    if (await holds()) return
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function equal(found, expected, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: found ${left}, expected ${right}`)
}

/** Something that goes on beside the scenario: if it fails, it does so where it is awaited. */
export function beside(going) {
  going.catch(() => {})
  return going
}
