// How fast a key becomes text while an agent streams: in the page, and in a bare editor beside it.
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { meter, percentile } from './meter.mjs'

const KEYS_TYPED = 200
/** An agent that streams sends so many words a second. */
const WORDS_PER_SECOND = 20
const CLIENT = fileURLToPath(new URL('../../client-web/', import.meta.url))

/** Types in one step of `plan` while an agent appends to the next. */
export async function typeInPage(page, agent, plan) {
  let streaming = true
  const streamed = (async () => {
    while (streaming) {
      await agent.post(`/workspaces/${plan}/edits`, { path: 'plan/steps/s1/body', append: ' word' })
      await new Promise((done) => setTimeout(done, 1000 / WORDS_PER_SECOND))
    }
  })()
  const typed = await type(page, page.getByRole('textbox', { name: 'Text of step 1', exact: true }))
  streaming = false
  await streamed
  return typed
}

/** Types in an editor with no page around it: what the browser and the editor take by themselves. */
export async function typeInBareEditor(page, body) {
  await page.goto('about:blank')
  await page.addScriptTag({ content: await bareEditor() })
  await page.evaluate(([text, rate]) => globalThis.bareEditors(text, rate), [body, WORDS_PER_SECOND])
  return type(page, page.getByRole('textbox').first())
}

async function bareEditor() {
  const { build } = await import(pathToFileURL(createRequire(CLIENT).resolve('vite')))
  const lib = { entry: 'bench/bare-editor.ts', formats: ['iife'], name: 'bare' }
  const [{ output }] = await build({ root: CLIENT, configFile: false, logLevel: 'error', build: { write: false, lib } })
  return output[0].code
}

/** Milliseconds from a key until the editor has taken it in, and until the first task after its text
 * is there, which waits for a frame that is being drawn; and the time that the processor gave to the
 * page for each key. */
async function type(page, editor) {
  await page.evaluate(() => {
    globalThis.keys = { taken: [], shown: [] }
    const { port1, port2 } = new MessageChannel()
    let pressed = 0
    const note = (times) => times.push(performance.now() - pressed)
    port1.onmessage = () => note(globalThis.keys.shown)
    addEventListener('keydown', () => (pressed = performance.now()), true)
    addEventListener('input', () => {
      port2.postMessage(null)
      // After the editor, which looks at what has changed before it.
      queueMicrotask(() => note(globalThis.keys.taken))
    })
  })
  await editor.click()
  const work = await meter(page)
  const words = 'words '.repeat(KEYS_TYPED / 6)
  await page.keyboard.type(words, { delay: 40 })
  const perKey = (await work()) / words.length
  const keys = await page.evaluate(() => globalThis.keys)
  const taken95 = percentile(keys.taken, 0.95)
  return { taken95, p50: percentile(keys.shown, 0.5), p95: percentile(keys.shown, 0.95), perKey }
}
