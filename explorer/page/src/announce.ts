// The page's live region: one short sentence at a time for who listens rather than looks.
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}
