import { equal, until } from '../person.mjs'
import { NO_CONNECTION } from '../world.mjs'

const TITLE = 'Title of step 1'

export default async function offline(world) {
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('welcome'), ravi.open('welcome')])
  await mara.saved()
  await until('the page itself is on the device', () => keepsPage(mara.page))

  world.expect(...NO_CONNECTION)
  world.network.cut()
  await mara.sign('offline')
  await mara.write(TITLE, ' on the train')
  const sign = await mara.sign('offline')
  equal(/^Offline · \d+ edits? kept on this device$/.test(sign), true, `the sign, ${sign}`)
  await ravi.write('Title of step 3', ' as Ravi sees it')

  // The page and the edits come from this device.
  await until('the edits are on the device', () => keptHere(mara.page))
  await mara.page.reload()
  await mara.sees(TITLE, 'on the train')
  equal(/^Offline · \d+ edits? kept on this device$/.test(await mara.sign('offline')), true, 'the sign after reload')
  await mara.write(TITLE, ', still')
  await world.photograph(mara.page, 'reloaded')

  await world.network.mend()
  const back = await mara.sign('back')
  equal(/^Back online\. \d+ edits? merged$/.test(back), true, `the sign, ${back}`)
  await Promise.all([mara.sees('Title of step 3', 'as Ravi sees it'), ravi.sees(TITLE, 'on the train, still')])
  await Promise.all([mara.saved(), ravi.saved()])
  const { plan } = await world.document('welcome')
  const titles = [plan.steps[0].title, plan.steps[2].title]
  equal(titles.map((title) => title.split(/ (?=on|as)/)[1]), ['on the train, still', 'as Ravi sees it'], 'titles')
}

const keepsPage = (page) =>
  page.evaluate(async () => {
    const worker = await navigator.serviceWorker.getRegistration()
    return worker?.active?.state === 'activated'
  })

/** Whether this device has noted edits that are not saved. */
const keptHere = (page) =>
  page.evaluate(() => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith('penhold.unsaved/'))
    const edits = keys.map((key) => JSON.parse(localStorage.getItem(key)).edits)
    return edits.reduce((sum, n) => sum + n, 0) >= ' on the train'.length
  })
