// Measures the page in a real browser against a real server: how soon there is an editor, how long
// plans mount and scroll, how fast a key becomes text while an agent streams. Argument: the
// server's program. Prints a table; nothing here passes or fails.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { Agent } from './agent.mjs'
import { meter, percentile } from './meter.mjs'
import { typeInBareEditor, typeInPage } from './typing.mjs'
import { ARGUMENTS, CHROMIUM } from './world.mjs'

const [program = 'target/release/penhold'] = process.argv.slice(2)
const BODY = 'Recruit **40 participants** across the clinics.\n\n- Screen by phone\n- Offer a gift card'
const SCREENS_SCROLLED = 60

const data = mkdtempSync(join(tmpdir(), 'penhold-measure-'))
const server = spawn(program, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--log', 'error'])
const rows = []
try {
  const { origin, link } = await started(server)
  const token = run('token', 'create', '--name', 'Planner', '--kind', 'agent', '--role', 'editor')
  const agent = new Agent(origin, token)
  for (const count of [20, 100, 300]) await agent.create(`plan-${count}`, `${count} steps`, { plan: { steps: steps(count) } })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(watchMounting)
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('heading', { name: /^Good / }).waitFor()

  const opened = await mount(page, origin, 20)
  row('First editor, 20 steps', opened.editorMs, '600 ms')
  const hundred = await mount(page, origin, 100)
  row('100 steps are there', hundred.stepsMs, '1000 ms')
  row('Work of the page until then', hundred.workMs, '')
  const many = await mount(page, origin, 300)
  row('300 steps are there', many.stepsMs, '')
  const scrolled = await scroll(page)
  row('Frame while 300 steps scroll, p95', scrolled.p95, '')
  row('Frames over 50 ms, of all', `${scrolled.slow} of ${scrolled.frames}`, '')
  row('Editors made for 300 steps, seen at once', await page.locator('.cm-editor').count(), '')
  await mount(page, origin, 100)
  const typed = await typeInPage(page, agent, 'plan-100')
  keys('Typing while an agent streams', typed, '16 ms')
  keys('The same in a bare editor', await typeInBareEditor(page, BODY), '')
  await browser.close()
} finally {
  server.kill()
  rmSync(data, { recursive: true, force: true })
}
print()

function run(...words) {
  return execFileSync(program, [...words, '--data', data], { encoding: 'utf8' }).trim().split('\n').at(-1)
}

async function started({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    const link = /https?:\S+\/sign-in\S+/.exec(line)?.[0]
    if (link) return { link, origin: new URL(link).origin }
  }
  throw new Error('the server did not start')
}

function steps(count) {
  return Array.from({ length: count }, (_, at) => ({ id: `s${at}`, title: `Step ${at + 1}`, body: BODY }))
}

/** Runs in the page before its code: notes when there is an editor, and how many steps there are. */
function watchMounting() {
  const seen = { editorMs: null, steps: [] }
  globalThis.mounting = seen
  const look = () => {
    const now = performance.now()
    if (seen.editorMs === null && document.querySelector('.cm-content')) seen.editorMs = now
    const count = document.querySelectorAll('[id^="step-"]').length
    if (count !== seen.steps.at(-1)?.count) seen.steps.push({ count, atMs: now })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}

/** Opens a plan anew and waits for its last step. */
async function mount(page, origin, count) {
  const work = await meter(page)
  await page.goto(`${origin}/w/plan-${count}/plan`)
  const last = await page.waitForFunction(
    (wanted) => globalThis.mounting.steps.find(({ count }) => count >= wanted) ?? false,
    count,
  )
  const { atMs: stepsMs } = await last.jsonValue()
  const editorMs = await page.waitForFunction(() => globalThis.mounting.editorMs).then((ms) => ms.jsonValue())
  const workMs = await work()
  await page.getByRole('region', { name: 'Who holds the pen' }).waitFor()
  return { stepsMs, editorMs, workMs }
}

/** Turns the wheel through the plan and counts frames. */
async function scroll(page) {
  await page.evaluate(() => {
    globalThis.frames = []
    let before = performance.now()
    const frame = (now) => {
      globalThis.frames.push(now - before)
      before = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  await page.mouse.move(640, 500)
  for (let screen = 0; screen < SCREENS_SCROLLED; screen += 1) {
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(30)
  }
  const frames = await page.evaluate(() => globalThis.frames.slice(1))
  return { p95: percentile(frames, 0.95), slow: frames.filter((ms) => ms > 50).length, frames: frames.length }
}

function keys(where, { taken95, p50, p95, perKey }, wanted) {
  row(`${where}: key taken in, p95`, taken95, '')
  row(`${where}: key to text, p50`, p50, '')
  row(`${where}: key to text, p95`, p95, wanted)
  row(`${where}: work for each key`, perKey, '')
}

function row(what, found, wanted) {
  rows.push([what, typeof found === 'number' ? `${Number.isInteger(found) ? found : `${found.toFixed(1)} ms`}` : found, wanted])
}

function print() {
  console.log('| what | found | wanted |\n|---|---|---|')
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`)
}
