// A workspace with all that can wait in it: every part, every dialog, and the states of its texts.
import { clinic, goesOn } from '../clinic.mjs'
import { Looks } from '../look.mjs'
import { NO_CONNECTION } from '../world.mjs'

export default async function accessWorkspace(world) {
  const desk = await clinic(world)
  const looks = new Looks(world)
  const mara = await world.person('Mara Lind', { role: 'admin' })
  await mara.open('clinic')
  await mara.saved()
  await mara.inbox()
  await goesOn(desk)
  await changes(mara, looks)
  await parts(mara, looks)
  await overThePage(mara, looks)
  await offline(world, mara, looks)
  looks.check()
}

/** What is new since her visit, and whose words are whose. */
async function changes(mara, looks) {
  const { page } = mara
  await mara.open('clinic')
  await page.getByRole('button', { name: /^Review \d+ changes/ }).click()
  await page.getByRole('article', { name: 'Change' }).first().waitFor()
  await looks.at(page, 'review')
  await mara.press('r', 'c')
  await page.getByRole('button', { name: 'Who wrote what', pressed: true }).waitFor()
  await looks.at(page, 'whose')
  await mara.press('c')
}

async function parts(mara, looks) {
  const { page } = mara
  for (const part of ['plan', 'briefing', 'tasks', 'notes', 'activity', 'history', 'settings']) {
    await mara.open('clinic', part)
    await mara.sign('saved')
    await page.getByRole('region', { name: 'Who holds the pen' }).waitFor()
    if (part === 'plan') await page.getByText('Emails go out from').waitFor()
    await looks.at(page, part)
  }
  await mara.open('clinic', 'tasks')
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await page.getByRole('button', { name: 'Details' }).first().click()
  await looks.at(page, 'task-list')
  await page.getByRole('button', { name: 'Board', exact: true }).click()
}

async function overThePage(mara, looks) {
  const { page } = mara
  await mara.open('clinic')
  await page.getByRole('button', { name: /^Status of step 1/ }).click()
  await page.getByRole('menu').waitFor()
  await looks.at(page, 'menu')
  await mara.press('Escape', '?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await looks.at(page, 'shortcuts')
  await mara.press('Escape', 'Control+k')
  await page.getByRole('combobox', { name: 'What do you want to do?' }).waitFor()
  await looks.at(page, 'palette')
  await mara.press('Escape')
  await page.getByRole('button', { name: 'Claim' }).click()
  await mara.learns('You own this plan')
  await page.getByRole('button', { name: 'Hand off…' }).click()
  await page.getByRole('dialog', { name: 'Hand off this plan' }).waitFor()
  await looks.at(page, 'hand-off')
  await mara.press('Escape')
}

async function offline(world, mara, looks) {
  const { page } = mara
  world.expect(...NO_CONNECTION)
  world.network.cut()
  await mara.sign('offline')
  await mara.write('Title of step 4', ' twice')
  await looks.at(page, 'offline')
}
