import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { REFUSED } from '../world.mjs'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } }
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export default async function access(world) {
  const mara = await world.person('Mara Lind')
  const faults = []
  const look = (page, name) => lookAt(world, page, name, faults)

  await mara.page.goto(world.origin)
  await mara.page.getByText(/You’re clear|waiting for you/).waitFor()
  await look(mara.page, 'inbox')
  await mara.page.goto(`${world.origin}/workspaces`)
  await mara.page.getByRole('link', { name: /tram question/i }).first().waitFor()
  await look(mara.page, 'list')
  await mara.page.goto(`${world.origin}/health`)
  await mara.page.getByRole('heading', { name: 'How often agents ask' }).waitFor()
  await look(mara.page, 'health')
  for (const tab of ['plan', 'briefing', 'tasks', 'notes', 'activity', 'history', 'settings']) {
    await mara.open('welcome', tab)
    await mara.sign('saved')
    await mara.page.getByRole('region', { name: 'Who holds the pen' }).waitFor()
    await look(mara.page, tab)
  }

  world.expect(REFUSED)
  const stranger = await world.page()
  await stranger.goto(world.origin)
  await stranger.getByRole('heading', { name: 'Sign in again' }).waitFor()
  await look(stranger, 'signed-out')
  await stranger.goto(`${world.origin}/sign-in?code=used`)
  await stranger.getByRole('alert').waitFor()
  await look(stranger, 'sign-in')

  await lookAtWhatOpens(mara, look)
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

/** What lies over the page: a menu, the shortcuts, the palette. */
async function lookAtWhatOpens(mara, look) {
  const { page } = mara
  await mara.open('welcome')
  await page.getByRole('button', { name: /^Status of step 1/ }).click()
  await page.getByRole('menu').waitFor()
  await look(page, 'menu')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await look(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'What do you want to do?' }).waitFor()
  await look(page, 'palette')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Hand off…' }).click()
  await page.getByRole('dialog', { name: 'Hand off this plan' }).waitFor()
  await look(page, 'hand-off')
}

async function lookAt(world, page, name, faults) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const where = `${name}, ${size}, ${colorScheme}`
      faults.push(...(await axe(page)).map((fault) => `${where}: ${fault}`))
      await world.photograph(page, `${name}-${size}-${colorScheme}`)
    }
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }))
    if (wide > room) faults.push(`${name}, ${size}: scrolls sideways, ${wide} px in ${room} px`)
  }
  await page.setViewportSize(SIZES.wide)
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
