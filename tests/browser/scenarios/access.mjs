// The pages outside a workspace, and those that are met when there is no way in.
import { clinic, goesOn } from '../clinic.mjs'
import { Looks } from '../look.mjs'
import { REFUSED } from '../world.mjs'

export default async function access(world) {
  const desk = await clinic(world)
  await goesOn(desk)
  const looks = new Looks(world)
  const mara = await world.person('Mara Lind', { role: 'admin' })
  await pages(world, mara, looks)
  world.expect(REFUSED)
  await strangers(world, looks)
  await noWayIn(world, mara, looks)
  looks.check()
}

async function pages(world, mara, looks) {
  const { page } = mara
  await mara.inbox()
  await page.getByRole('button', { name: /^Review: Send 48/ }).waitFor()
  await looks.at(page, 'inbox')
  await page.goto(`${world.origin}/workspaces`)
  await page.getByRole('link', { name: /tram question/i }).first().waitFor()
  await looks.at(page, 'workspaces')
  await page.getByRole('button', { name: 'New workspace' }).click()
  await looks.at(page, 'new-workspace')
  await page.goto(`${world.origin}/health`)
  await page.getByRole('heading', { name: 'How often agents ask' }).waitFor()
  await looks.at(page, 'health')
  await page.goto(`${world.origin}/members`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Scout')
  await page.getByRole('button', { name: 'Let them in' }).click()
  await page.getByText('It is shown this once').waitFor()
  await looks.at(page, 'members')
}

async function strangers(world, looks) {
  const stranger = await world.page()
  await stranger.goto(world.origin)
  await stranger.getByRole('heading', { name: 'Sign in again' }).waitFor()
  await looks.at(stranger, 'signed-out')
  await stranger.goto(`${world.origin}/sign-in?code=used`)
  await stranger.getByRole('alert').waitFor()
  await looks.at(stranger, 'sign-in')
}

async function noWayIn(world, mara, looks) {
  const { page } = mara
  await page.goto(`${world.origin}/no/such/place`)
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await looks.at(page, 'nothing')
  await page.goto(`${world.origin}/w/never-made/plan`)
  await page.getByRole('heading', { name: 'Workspace gone' }).waitFor()
  await looks.at(page, 'gone')
  await mara.open('clinic')
  await mara.sign('saved')
  await world.test.ask('revoke', { name: 'Mara Lind' })
  await page.getByRole('alert').waitFor()
  await looks.at(page, 'ended')
}
