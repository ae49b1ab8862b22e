import { equal, until } from '../person.mjs'
import { NO_CONNECTION } from '../world.mjs'

const SAVED = ' First sentence, shown as saved.'
const ACROSS = ' Second sentence, typed while the server dies and comes back, with nothing missing.'

export default async function crash(world) {
  const mara = await world.person('Mara Lind')
  await mara.open('welcome', 'notes')
  await mara.write('Notes', SAVED)
  await mara.saved()

  world.expect(...NO_CONNECTION)
  const typing = mara.page.keyboard.type(ACROSS, { delay: 40 })
  await mara.sees('Notes', 'Second sentence, ty')
  await world.test.ask('kill')
  await mara.sign('offline')
  await world.test.ask('start')

  // Whoever has no copy gets what was shown as saved, whatever Mara's page does.
  const { notes } = await world.document('welcome')
  equal(notes.includes(SAVED), true, 'what was shown as saved is there after the crash')

  await typing
  await mara.sign('saved')
  await mara.saved()
  await until('the server has every word once', async () => {
    const { notes } = await world.document('welcome')
    return notes.endsWith(SAVED + ACROSS) && notes.split(ACROSS).length === 2
  })
}
