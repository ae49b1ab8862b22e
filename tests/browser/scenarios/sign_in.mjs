import { equal, until } from '../person.mjs'
import { REFUSED } from '../world.mjs'

export default async function signIn(world) {
  const page = await world.page()
  await page.goto(`${world.origin}/w/welcome/plan`)
  world.expect(REFUSED)
  await page.getByRole('heading', { name: 'Sign in again' }).waitFor()

  await page.goto(world.link)
  await page.getByRole('heading', { name: /^Good .*, Admin$/ }).waitFor()
  equal(new URL(page.url()).search, '', 'no code stays in the address')
  equal(await page.evaluate(() => document.cookie), '', 'scripts cannot read the cookie')
  const [cookie] = await page.context().cookies()
  equal([cookie.httpOnly, cookie.sameSite], [true, 'Strict'], 'the cookie')

  // Nothing waits yet; the page shows where to begin.
  await page.getByRole('heading', { name: 'Look around in' }).waitFor()
  await page.getByRole('link', { name: /^A week for the tram question/ }).waitFor()
  await page.getByText('./target/release/penhold demo', { exact: true }).waitFor()
  await world.photograph(page, 'first-run')

  const other = await world.page()
  await other.goto(world.link)
  const refusal = other.getByRole('alert')
  await refusal.getByRole('heading', { name: 'This sign-in link does not work' }).waitFor()

  await page.getByRole('link', { name: 'Workspaces' }).click()
  await page.getByRole('button', { name: 'New workspace' }).click()
  await page.keyboard.type('Night trains')
  await page.keyboard.press('Enter')
  await page.getByText('The plan appears as soon as an agent or teammate writes').waitFor()
  const [, , workspace] = new URL(page.url()).pathname.split('/')
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.keyboard.type('Ask the operators')
  await until('the server has the step', async () => {
    const { title, plan } = await world.document(workspace)
    return title === 'Night trains' && plan.steps[0]?.title === 'Ask the operators'
  })

  await page.goto(`${world.origin}/no/such/place`)
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
}
