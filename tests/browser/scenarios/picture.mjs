// The picture in the README: the sample workspace while people and the demo agent write.
import { fileURLToPath } from 'node:url'
import { until } from '../person.mjs'

const PICTURE = fileURLToPath(new URL('../../../docs/images/plan.png', import.meta.url))

export default async function picture(world) {
  const mara = await world.person('Mara Lind', { colorScheme: 'light' })
  const ravi = await world.person('Ravi Shah')
  await Promise.all([mara.open('welcome'), ravi.open('welcome')])
  await world.test.ask('demo', { workspace: 'welcome' })
  const text = mara.text('Text of step 5')
  await text.waitFor()
  await until('the agent has written a little', async () => (await text.innerText()).length > 50)
  await ravi.write('Text of step 4', ' ')
  await mara.page.getByRole('listitem', { name: 'Step 3' }).evaluate((step) => {
    scrollTo(0, step.getBoundingClientRect().top + scrollY - 120)
  })
  await mara.sign('saved')
  await mara.page.locator('.cm-remote-agent').first().waitFor()
  await mara.page.screenshot({ path: PICTURE })
}
