import { equal, until } from '../person.mjs'

export default async function saved(world) {
  const mara = await world.person('Mara Lind')
  await mara.open('welcome', 'notes')
  await mara.sign('saved')

  // The server hears nothing: what is typed now is not saved, and the page says so.
  await world.test.ask('pause')
  await mara.write('Notes', 'Written to nobody yet.')
  equal(await mara.sign('saving'), 'Saving…', 'the sign')
  await world.photograph(mara.page, 'saving')
  equal(await mara.sign('slow'), 'Still saving…', 'the sign after a while')

  await world.test.ask('resume')
  equal(await mara.sign('saved'), 'Saved', 'the sign')
  const { notes } = await world.document('welcome')
  equal(notes.includes('Written to nobody yet.'), true, 'what is shown as saved is on the server')
  await until('the tooltip says when', async () =>
    /^Written to disk \d/.test(await mara.page.locator('[data-state]').getAttribute('title')),
  )
}
