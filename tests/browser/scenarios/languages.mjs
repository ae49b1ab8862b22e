// Words of any script: composed while others edit the same text, and read from right to left.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const BODY = 'Text of step 1'
const STEPS = [
  { id: 's1', title: 'Invite', body: 'Start.' },
  { id: 's2', title: 'הזמנה', body: 'הראיון נמשך 45 minutes בערך.\nIn English.' },
]

export default async function languages(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', '調査', { plan: { steps: STEPS } })
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('study'), ravi.open('study')])
  await composes(world, mara, ravi)
  await readsFromTheRight(world, mara, ravi)
}

/** What is being composed stays one piece while somebody types before it. */
async function composes(world, mara, ravi) {
  await mara.goTo(BODY)
  const input = await mara.page.context().newCDPSession(mara.page)
  const compose = (text) =>
    input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  await compose('に')
  await compose('にほ')
  await ravi.text(BODY).click()
  await ravi.press('Control+Home')
  await ravi.page.keyboard.type('Before it. ', { delay: 8 })
  await mara.sees(BODY, 'Before it.')
  await compose('にほん')
  await compose('日本')
  await ravi.page.keyboard.type('And more. ', { delay: 8 })
  await mara.sees(BODY, 'And more.')
  await world.photograph(mara.page, 'composing')
  await input.send('Input.insertText', { text: '日本' })
  await mara.page.keyboard.type('で。')
  await ravi.sees(BODY, '日本で。')
  await Promise.all([mara.saved(), ravi.saved()])
  const { plan } = await world.document('study')
  equal(plan.steps[0].body, 'Before it. And more. Start.日本で。', 'the text on the server')
  equal(await mara.text(BODY).innerText(), plan.steps[0].body, 'the text on the page')
}

/** Each line has the direction of its first letter, and typing goes on at its end. */
async function readsFromTheRight(world, mara, ravi) {
  const text = mara.text('Text of step 2')
  const directions = () =>
    text.locator('.cm-line').evaluateAll((lines) => lines.map((line) => getComputedStyle(line).direction))
  equal(await directions(), ['rtl', 'ltr'], 'the directions of the lines')
  await text.locator('.cm-line').first().click()
  await mara.press('End')
  await mara.page.keyboard.type(' מחר.')
  await ravi.sees('Text of step 2', 'מחר.')
  await mara.press('ArrowRight', 'Backspace')
  await until('the letter before the point is gone', async () => {
    const { plan } = await world.document('study')
    return plan.steps[1].body === 'הראיון נמשך 45 minutes בערך. מח.\nIn English.'
  })
  await world.photograph(mara.page, 'right-to-left')
}
