// Plays one scenario in a real browser. Argument: its name. The test on the other side of standard
// input and output owns the server; see test.mjs.
import { World } from './world.mjs'
import { Test } from './test.mjs'

const [name] = process.argv.slice(2)
const test = new Test()
const { default: play } = await import(`./scenarios/${name}.mjs`)
const world = await World.open(test, name)
try {
  await play(world)
  world.check()
  test.tell({ passed: true })
} catch (error) {
  await world.photographAll('failed')
  test.tell({ failed: [error.stack, ...world.complaints()].join('\n') })
} finally {
  await world.close()
  test.close()
}
