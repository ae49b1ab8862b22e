// Long texts and long lists stay usable: a step of 100 KB, 300 steps, 1,000 tasks.
import { Agent } from '../agent.mjs'
import { equal, until } from '../person.mjs'

const LINE = 'The **night tram** runs every thirty minutes, and somebody has to pay for it.\n'
const LONG = LINE.repeat(Math.ceil(100_000 / LINE.length))
const STEPS = Array.from({ length: 300 }, (_, n) => ({ id: `s${n}`, title: `Stop ${n + 1}`, body: n === 0 ? LONG : LINE }))
const TASKS = Array.from({ length: 1000 }, (_, n) => ({ id: `t${n}`, title: `Count stop ${n + 1}`, status: 'todo' }))

export default async function large(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('long', 'Every stop', { plan: { steps: STEPS }, tasks: TASKS })
  const mara = await world.person('Mara Lind')
  await mara.open('long')
  await longText(world, mara)
  await manySteps(world, mara)
  await manyTasks(world, mara)
}

async function longText(world, mara) {
  await mara.write('Text of step 1', 'At its end.')
  await mara.saved()
  const { plan } = await world.document('long')
  equal(plan.steps[0].body, `${LONG}At its end.`, 'the long text')
  const lines = await mara.text('Text of step 1').locator('.cm-line').count()
  equal(lines < 300, true, `only lines near the view are made, ${lines}`)
  await world.photograph(mara.page, 'text')
}

async function manySteps(world, mara) {
  const { page } = mara
  await page.goto(`${world.origin}/w/long/plan#step-s299`)
  await mara.write('Title of step 300', ', the last')
  await mara.saved()
  const editors = await page.locator('.cm-editor').count()
  equal(editors < 200, true, `editors are made near the view only, ${editors}`)
  const { plan } = await world.document('long')
  equal(plan.steps[299].title, 'Stop 300, the last', 'the last step')
}

async function manyTasks(world, mara) {
  const { page } = mara
  await mara.open('long', 'tasks')
  const column = (name) => page.getByRole('region', { name })
  await column('To do').getByText('1000', { exact: true }).waitFor()
  await mara.press('j', 'j', '4')
  await column('Done').getByText('1', { exact: true }).waitFor()
  await until('the server has it', async () => (await world.document('long')).tasks[1].status === 'done')
  const editors = await page.locator('.cm-editor').count()
  equal(editors < 400, true, `editors are made near the view only, ${editors}`)
  await world.photograph(page, 'tasks')
}
