// Waits for something to become true, looking every millisecond, with a deadline: the opposite of a sleep. It does not spin: on a
// loaded machine a spinning test starves the very process it waits for.

/** Rejects with `what` when `check` is not true in time. */
export async function until(what: string, check: () => boolean, deadlineMs = 10_000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`not in ${deadlineMs} ms: ${what}`)
    await new Promise<void>((resolve) => setTimeout(resolve, 1))
  }
}
