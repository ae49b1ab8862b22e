// The picture in the README: the sample workspace while a person and the demo agent write.
import { fileURLToPath } from 'node:url'

const PICTURE = fileURLToPath(new URL('../../../docs/images/plan.png', import.meta.url))

export default async function picture(world) {
  const mara = await world.person('Mara Lind', { deviceScaleFactor: 1, colorScheme: 'light' })
  const ravi = await world.person('Ravi Shah')
  await Promise.all([mara.open('welcome'), ravi.open('welcome')])
  await ravi.goTo('Text of step 1')
  await world.test.ask('demo', { workspace: 'welcome' })
  await mara.page.locator('.cm-remote-agent').first().waitFor()
  await mara.sign('saved')
  await mara.page.screenshot({ path: PICTURE })
}
