// Looks at a page as axe and as a camera do, in both themes and at both widths.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } }
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export class Looks {
  #world
  #faults = []

  constructor(world) {
    this.#world = world
  }

  async at(page, name) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const where = `${name}, ${size}, ${colorScheme}`
        this.#faults.push(...(await axe(page)).map((fault) => `${where}: ${fault}`))
        await this.#world.photograph(page, `${name}-${size}-${colorScheme}`)
      }
      const { wide, room } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }))
      if (wide > room) this.#faults.push(`${name}, ${size}: scrolls sideways, ${wide} px in ${room} px`)
    }
    await page.setViewportSize(SIZES.wide)
  }

  /** All that is wrong anywhere is told at once. */
  check() {
    if (this.#faults.length > 0) throw new Error(this.#faults.join('\n'))
  }
}

/** Runs axe through the debugger, which the page's policy does not hinder. */
async function axe(page) {
  await page.evaluate(`if (!globalThis.axe) { ${AXE} }`)
  const { violations, passes } = await page.evaluate((values) => axe.run({ runOnly: { type: 'tag', values } }), TAGS)
  if (passes.length < 5) return [`only ${passes.length} rules had anything to look at`]
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  )
}
