export function before(a: number): number {
  return a;
}

export function listed(a: number): number {
  return a + 1;
}
