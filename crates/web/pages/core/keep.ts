// What a browser keeps for us. It may keep nothing (a private window, a policy): then it is asked again next time.

export type Where = "localStorage" | "sessionStorage";

export function recall<T>(key: string, where: Where = "localStorage"): T | null {
  try {
    const text = globalThis[where].getItem(`cordboard.${key}`);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function keep(key: string, value: unknown, where: Where = "localStorage"): void {
  try {
    if (value === null || value === undefined) globalThis[where].removeItem(`cordboard.${key}`);
    else globalThis[where].setItem(`cordboard.${key}`, JSON.stringify(value));
  } catch {
    // See above.
  }
}
