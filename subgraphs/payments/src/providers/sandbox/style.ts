import { createHash } from 'node:crypto'
import { html } from '@stellr/kit'

/** How the sandbox's pages look. */
export const style = html`<style>
  :root {
    color-scheme: light dark;
    --ground: light-dark(#f4f5f7, #14161a);
    --sheet: light-dark(#ffffff, #1d2026);
    --ink: light-dark(#1c1e21, #e8eaed);
    --quiet: light-dark(#565b63, #a6adb8);
    --line: light-dark(#d6d9de, #3a3f48);
    --accent: light-dark(#1d4fc4, #8ab0ff);
    --on-accent: light-dark(#ffffff, #0c1630);
    --warning: light-dark(#fff3cd, #3d3210);
    --good: light-dark(#136c36, #6fd598);
    --bad: light-dark(#ad1f1f, #ff9c94);
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--ink);
    font:
      1rem/1.5 system-ui,
      sans-serif;
    overflow-wrap: break-word;
  }
  .banner {
    margin: 0;
    padding: 0.6rem 1rem;
    background: var(--warning);
    border-bottom: 1px solid var(--line);
    text-align: center;
  }
  main {
    max-width: 42rem;
    margin: 0 auto;
    padding: 1rem;
  }
  section {
    margin: 1rem 0;
    padding: 1.25rem;
    background: var(--sheet);
    border: 1px solid var(--line);
    border-radius: 0.75rem;
  }
  h1,
  h2 {
    margin: 0 0 0.5rem;
    line-height: 1.25;
  }
  h1 {
    font-size: 1.35rem;
  }
  h2 {
    font-size: 1.1rem;
  }
  p {
    margin: 0.5rem 0;
  }
  form {
    margin: 0.75rem 0;
  }
  a {
    color: var(--accent);
  }
  section > :first-child {
    margin-top: 0;
  }
  section > :last-child {
    margin-bottom: 0;
  }
  .amount {
    font-size: 1.9rem;
    font-weight: 700;
    line-height: 1.2;
  }
  .quiet {
    color: var(--quiet);
    font-size: 0.9rem;
  }
  #state {
    display: block;
    font-size: 1.1rem;
  }
  .good {
    color: var(--good);
  }
  .bad {
    color: var(--bad);
  }
  .alert {
    padding: 0.75rem 1rem;
    background: var(--sheet);
    border: 1px solid var(--bad);
    border-left-width: 0.4rem;
    border-radius: 0.5rem;
  }
  fieldset {
    margin: 0 0 1rem;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
  }
  .card {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 0.75rem;
    align-items: center;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--line);
    cursor: pointer;
  }
  .card input {
    grid-row: span 2;
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--accent);
  }
  .number {
    color: var(--quiet);
    font:
      0.9rem ui-monospace,
      monospace;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
  }
  button {
    min-height: 2.75rem;
    padding: 0.5rem 1.25rem;
    background: var(--sheet);
    color: var(--accent);
    border: 1px solid var(--accent);
    border-radius: 0.5rem;
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  button.main {
    background: var(--accent);
    color: var(--on-accent);
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9rem;
  }
  th,
  td {
    padding: 0.35rem 0.75rem 0.35rem 0;
    border-bottom: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
  }
</style>`

/** What a Content-Security-Policy calls it by. */
export const styleHash = `sha256-${createHash('sha256')
  .update(/<style>(.*)<\/style>/s.exec(String(style))?.[1] ?? '')
  .digest('base64')}`
