/** What GraphiQL asks of the place where it keeps tabs, history and sizes. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "clear" | "length">;

/** The browser's local storage or, where a policy denies it, one that lasts as long as the page. */
export function openStorage(): Store {
  try {
    return window.localStorage;
  } catch {
    return memoryStorage();
  }
}

function memoryStorage(): Store {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
