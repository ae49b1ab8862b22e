import { equal, until } from '../person.mjs'

export default async function keyboard(world) {
  const mara = await world.person('Mara Lind')
  const { page } = mara
  const { keyboard } = page
  const press = async (...keys) => {
    for (const key of keys) await keyboard.press(key)
  }
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)

  // From the inbox over the list into a workspace, with Tab and Enter alone.
  await tabTo(page, 'link', 'Workspaces')
  await press('Enter')
  await tabTo(page, 'link', /tram question/i)
  await press('Enter')
  await page.getByRole('navigation', { name: 'Parts of the workspace' }).waitFor()
  await mara.sign('saved')

  // Steps: next, next, edit, leave, move.
  await press('j', 'j')
  equal(await focused(), 'Step 2', 'J goes to the next step')
  await press('Enter', 'Control+End')
  await keyboard.type(' Typed without a mouse.')
  await press('Escape')
  equal(await focused(), 'Step 2', 'Escape leaves the text')
  await press('Alt+ArrowUp')
  await until('the step has moved', async () => (await focused()) === 'Step 1')

  // Status by its menu.
  await tabTo(page, 'button', /^Status of step 1/)
  await press('Enter')
  await page.getByRole('menuitemradio', { name: 'Done' }).waitFor()
  await press('End', 'ArrowUp', 'Enter')
  equal(await focused(), 'Status of step 1: Done', 'the focus is back on the status')

  // A step by the palette.
  await press('Control+k')
  await page.getByRole('combobox', { name: 'What do you want to do?' }).waitFor()
  await keyboard.type('add a step')
  await press('Enter')
  await page.getByRole('listitem', { name: 'Step 5' }).waitFor()

  // Tasks: there by G T, moved by a number.
  await press('Escape', 'g', 't')
  await page.getByRole('heading', { name: 'Waiting on you' }).waitFor()
  await press('j', '4')
  await until('the task is done', async () => (await world.document('welcome')).tasks.find(({ id }) => id === 't-draft').status === 'done')
  await press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await press('Escape')

  const { plan } = await world.document('welcome')
  equal(plan.steps.map(({ id }) => id).slice(0, 2), ['others', 'counts'], 'the order of the steps')
  equal(plan.steps[0].body.endsWith(' Typed without a mouse.'), true, 'the text')
  equal(plan.steps[0].status, 'done', 'the status')
  equal(plan.steps.length, 5, 'the new step')
}

/** Presses Tab until something has the focus. */
async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name }).first()
  await wanted.waitFor()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach the ${role} ${name}`)
}
