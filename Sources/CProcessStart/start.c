// What must be settled before any library of the process starts.
//
// Under a limit on address space (`ulimit -v`) two libraries take more than there may be, each in its constructor or behind the back of
// whoever calls it: OpenBLAS starts a thread a processor, each with a buffer of 128 MiB, and where it gets none its thread tries for ever, or
// it ends the process with SIGINT; the allocator sets 64 MiB aside for each thread that allocates. Both can be told by the environment alone,
// which they read before `main`: so a process that is limited starts once more, as the same process, with an environment that tells them.
// Without a limit nothing is done.
#include "CProcessStart.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__) && defined(__GLIBC__)

static const char *const wanted[] = {"OPENBLAS_NUM_THREADS=1", "MALLOC_ARENA_MAX=1"};
enum { WANTED = sizeof wanted / sizeof *wanted };

static int is_set(char **variables, const char *variable) {
  for (; *variables; variables++)
    if (strcmp(*variables, variable) == 0) return 1;
  return 0;
}

static void settle(int count, char **arguments, char **variables) {
  (void)count;
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  size_t old = 0;
  int missing = 0;
  while (variables[old]) old++;
  for (int i = 0; i < WANTED; i++) missing |= !is_set(variables, wanted[i]);
  if (!missing) return;
  // The first of two of the same name counts.
  char *changed[old + WANTED + 1];
  for (int i = 0; i < WANTED; i++) changed[i] = (char *)wanted[i];
  memcpy(changed + WANTED, variables, (old + 1) * sizeof *variables);
  // By its own path, so that the process keeps its name. Where this fails the process goes on as it is.
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  execve(path, arguments, changed);
}

// Called before the constructors of all libraries, which is what matters; an executable alone may have one.
__attribute__((section(".preinit_array"), used)) static void (*const volatile settle_first)(int, char **, char **) = settle;

int process_start_is_settled(void) { return settle_first != 0; }

#else

int process_start_is_settled(void) { return 0; }

#endif
