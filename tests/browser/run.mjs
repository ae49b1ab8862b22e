// Plays one scenario in a real browser. Argument: its name. The test on the other side of standard
// input and output owns the server; see test.mjs.
import { Test } from './test.mjs'
import { World } from './world.mjs'

const [name] = process.argv.slice(2)
const test = new Test()

async function play() {
  const { default: scenario } = await import(`./scenarios/${name}.mjs`)
  const world = await World.open(test, name)
  try {
    await scenario(world)
    world.check()
  } catch (error) {
    await world.photographAll('failed')
    throw new Error([error.stack, ...world.complaints()].join('\n'))
  } finally {
    await world.close()
  }
}

const ending = await play().then(
  () => ({ passed: true }),
  (error) => ({ failed: error.message }),
)
test.tell(ending)
test.close()
