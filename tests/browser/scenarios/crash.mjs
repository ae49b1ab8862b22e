import { beside, equal, until } from '../person.mjs'
import { NO_CONNECTION } from '../world.mjs'

const SAVED = ' First sentence, shown as saved.'
const ACROSS = ' Second sentence, typed while the server dies and comes back, with nothing missing.'
const OTHER = 'Somebody else types at the same time, at the other end of the text. '

export default async function crash(world) {
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('welcome', 'notes'), ravi.open('welcome', 'notes')])
  await mara.write('Notes', SAVED)
  await mara.saved()

  world.expect(...NO_CONNECTION)
  await ravi.text('Notes').click()
  await ravi.press('Control+Home')
  const typing = beside(
    Promise.all([
      mara.page.keyboard.type(ACROSS, { delay: 40 }),
      ravi.page.keyboard.type(OTHER, { delay: 40 }),
    ]),
  )
  await mara.sees('Notes', 'Second sentence, ty')
  await world.test.ask('kill')
  await Promise.all([mara.sign('offline'), ravi.sign('offline')])
  await world.test.ask('start')

  // Whoever has no copy gets what was shown as saved, whatever the two pages do.
  const { notes } = await world.document('welcome')
  equal(notes.includes(SAVED), true, 'what was shown as saved is there after the crash')

  await typing
  await Promise.all([mara.saved(), ravi.saved()])
  await until('the server has every word once', async () => {
    const { notes } = await world.document('welcome')
    const isOnce = notes.split(ACROSS).length === 2 && notes.split(OTHER).length === 2
    return isOnce && notes.startsWith(OTHER) && notes.endsWith(SAVED + ACROSS)
  })
}
