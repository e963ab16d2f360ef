/** Cents as text with thousands separators: 1234567 → "12,345.67". */
export function money(cents: number): string {
  return (cents / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
