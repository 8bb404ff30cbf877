// What whoever starts a station process (the shell, the launcher of the training district, a bench, a service file) adds to its
// environment: settings that a process cannot make for itself once it runs.

/** glibc otherwise keeps an arena for each thread of V8, libuv and the store: 45 MB of 160 (measured). */
export const stationEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' }
