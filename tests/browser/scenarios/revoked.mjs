import { beside, equal, until } from '../person.mjs'
import { NO_CONNECTION, REFUSED } from '../world.mjs'

const UNSENT = 'Words that no server has seen'

export default async function revoked(world) {
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('welcome', 'notes'), ravi.open('welcome', 'notes')])

  // While typing: every word is on the server, or offered to be copied.
  await mara.goTo('Notes')
  const words = Array.from({ length: 25 }, (_, n) => `word${n}`)
  const typing = beside(mara.page.keyboard.type(` ${words.join(' ')}`, { delay: 15 }))
  await ravi.sees('Notes', 'word5 ')
  await world.test.ask('revoke', { name: 'Mara Lind' })
  const alert = mara.page.getByRole('alert')
  await alert.getByRole('heading', { name: 'Sign in again' }).waitFor()
  await typing
  const offered = await alert.locator('pre').allTextContents()
  const { notes } = await world.document('welcome')
  const typed = words.filter((word) => `${notes} ${offered}`.includes(word))
  equal(typed, words.slice(0, typed.length), 'what was typed before the end is somewhere')
  equal(typed.length >= 5, true, 'some of it')

  // While away: what was written meanwhile cannot be sent any more, and is not lost.
  world.expect(...NO_CONNECTION, REFUSED)
  await ravi.saved()
  world.network.cut()
  await ravi.sign('offline')
  await ravi.write('Notes', ` ${UNSENT}`)
  await world.test.ask('revoke', { name: 'Ravi Shah' })
  await turnedAway(world, ravi)
  await world.network.mend()
  const end = ravi.page.getByRole('alert')
  await end.getByRole('heading', { name: 'Sign in again' }).waitFor()
  await end.getByRole('button', { name: 'Copy your unsent edits' }).waitFor()
  await world.photograph(ravi.page, 'unsent')
  await until('the words are offered', async () => (await end.innerText()).includes(UNSENT))
  equal((await world.document('welcome')).notes.includes(UNSENT), false, 'they were not sent')
}

/** Waits until the server lets somebody in no more: it hears of a revocation a moment later. */
async function turnedAway(world, { page }) {
  const { address } = await world.test.ask('server')
  const cookies = await page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const asks = () => fetch(`http://${address}/api/v1/me`, { headers: { cookie } })
  await until('the server turns them away', async () => (await asks()).status === 401)
}
