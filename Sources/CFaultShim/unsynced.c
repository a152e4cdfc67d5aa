// What files lose when the power goes: everything written, renamed or made that was not synced.
#include "shim.h"

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;

struct change {
  enum { BYTES, NAME, BIRTH } what;
  dev_t device;
  ino_t inode;
  int descriptor;
  off_t offset, size;
  size_t length;
  unsigned char *bytes;
  char *from, *to, *kept;
  struct change *before;
};

static struct change *last_change;

static struct change *remember(int what) {
  struct change *change = calloc(1, sizeof *change);
  if (!change) abort();
  change->what = what;
  change->descriptor = -1;
  change->before = last_change;
  last_change = change;
  return change;
}

// Keeps what a write or a cut is about to replace.
void note_bytes(int descriptor, off_t offset, size_t length) {
  if (!is_journaling) return;
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  char path[PATH_MAX];
  if (!path_of(descriptor, path)) return;
  pthread_mutex_lock(&journal_lock);
  struct change *change = remember(BYTES);
  change->device = status.st_dev;
  change->inode = status.st_ino;
  change->offset = offset;
  change->size = status.st_size;
  // A descriptor of its own: the file may be renamed or closed before the cut.
  change->descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  off_t end = offset + (off_t)length < status.st_size ? offset + (off_t)length : status.st_size;
  change->length = end > offset ? (size_t)(end - offset) : 0;
  change->bytes = malloc(change->length + 1);
  if (!change->bytes) abort();
  if (change->length && real_pread(change->descriptor, change->bytes, change->length, offset) < 0) change->length = 0;
  pthread_mutex_unlock(&journal_lock);
}

static void forget_where(int (*matches)(const struct change *, const void *), const void *argument) {
  pthread_mutex_lock(&journal_lock);
  struct change **slot = &last_change;
  while (*slot) {
    struct change *change = *slot;
    if (!matches(change, argument)) {
      slot = &change->before;
      continue;
    }
    *slot = change->before;
    if (change->descriptor >= 0) close(change->descriptor);
    if (change->kept) real_unlink(change->kept);
    free(change->bytes), free(change->from), free(change->to), free(change->kept), free(change);
  }
  pthread_mutex_unlock(&journal_lock);
}

static int is_of_file(const struct change *change, const void *argument) {
  const struct stat *status = argument;
  return change->what == BYTES && change->device == status->st_dev && change->inode == status->st_ino;
}

static int is_in_directory(const struct change *change, const void *argument) {
  const char *slash = change->to ? strrchr(change->to, '/') : NULL;
  size_t length = strlen(argument);
  return slash && (size_t)(slash - change->to) == length && strncmp(change->to, argument, length) == 0;
}

void note_synced(int descriptor) {
  struct stat status;
  if (!is_journaling || is_lying == 1 || fstat(descriptor, &status) != 0) return;
  if (is_lying == 2 && kind_of_descriptor(descriptor) == ROWS) return;
  char path[PATH_MAX];
  if (!S_ISDIR(status.st_mode)) forget_where(is_of_file, &status);
  else if (path_of(descriptor, path)) forget_where(is_in_directory, path);
}

void note_rename(const char *from, const char *to) {
  if (!is_journaling) return;
  pthread_mutex_lock(&journal_lock);
  struct change *change = remember(NAME);
  change->from = strdup(from);
  change->to = strdup(to);
  struct stat status;
  char kept[PATH_MAX];
  if (stat(to, &status) == 0 && S_ISREG(status.st_mode)
      && snprintf(kept, sizeof kept, "%s.kept", to) < (int)sizeof kept) {
    real_unlink(kept);
    if (link(to, kept) == 0) change->kept = strdup(kept);
  }
  pthread_mutex_unlock(&journal_lock);
}

void note_birth(const char *path) {
  if (!is_journaling) return;
  pthread_mutex_lock(&journal_lock);
  remember(BIRTH)->to = strdup(path);
  pthread_mutex_unlock(&journal_lock);
}

static int is_spared(void) {
  if (random_state == 0) return 0;
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  return (int)(random_state >> 40) & 1;
}

// The power goes: what was not synced is as it was before, and this process is gone.
void cut_power(void) {
  pthread_mutex_lock(&journal_lock);
  for (struct change *change = last_change; change; change = change->before) {
    if (is_spared()) continue;
    atomic_fetch_add(&shared[TAKEN_BACK], 1);
    if (change->what == BYTES && change->descriptor >= 0) {
      if (change->length && real_pwrite(change->descriptor, change->bytes, change->length, change->offset) < 0) continue;
      struct stat status;
      if (fstat(change->descriptor, &status) == 0 && status.st_size != change->size)
        (void)!real_ftruncate(change->descriptor, change->size);
    } else if (change->what == NAME) {
      real_rename(change->to, change->from);
      if (change->kept) real_rename(change->kept, change->to);
    } else if (change->what == BIRTH && random_state == 0) {
      if (real_unlink(change->to) != 0) real_rmdir(change->to);
    }
  }
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// MARK: Lives

// A kill leaves what is not synced with the system, and a power cut in a later life takes that back too: so a process that is killed at a point
// leaves what it remembers in a file, and the next one begins with it.
static const char *history(void) { return getenv("KAGAMI_FAULT_HISTORY"); }

static void put_text(FILE *file, const char *text) {
  uint32_t length = text ? (uint32_t)strlen(text) + 1 : 0;
  fwrite(&length, sizeof length, 1, file);
  if (length) fwrite(text, 1, length, file);
}

static char *take_text(FILE *file) {
  uint32_t length = 0;
  if (fread(&length, sizeof length, 1, file) != 1 || !length || length > PATH_MAX) return NULL;
  char *text = malloc(length);
  if (!text || fread(text, 1, length, file) != length) abort();
  return text;
}

// The last change first.
void keep_history(int is_last) {
  if (!is_journaling || !history()) return;
  FILE *file = fopen(history(), "wb");
  if (!file) return;
  pthread_mutex_lock(&journal_lock);
  for (struct change *change = last_change; change; change = change->before) {
    char path[PATH_MAX];
    int has_path = change->descriptor >= 0 && path_of(change->descriptor, path) && access(path, F_OK) == 0;
    // A file that is gone has nothing to take back.
    if (change->what == BYTES && !has_path) continue;
    fwrite(change, sizeof *change, 1, file);
    put_text(file, change->what == BYTES ? path : change->from);
    put_text(file, change->to);
    put_text(file, change->kept);
    if (change->what == BYTES) fwrite(change->bytes, 1, change->length, file);
  }
  fclose(file);
  if (!is_last) pthread_mutex_unlock(&journal_lock);
}

void take_history(void) {
  FILE *file = is_journaling && history() ? fopen(history(), "rb") : NULL;
  if (!file) return;
  struct change **slot = &last_change, change;
  while (fread(&change, sizeof change, 1, file) == 1) {
    struct change *copy = malloc(sizeof change);
    if (!copy) abort();
    change.from = take_text(file), change.to = take_text(file), change.kept = take_text(file);
    change.descriptor = -1, change.before = NULL, change.bytes = NULL;
    if (change.what == BYTES) {
      change.bytes = malloc(change.length + 1);
      if (!change.bytes || fread(change.bytes, 1, change.length, file) != change.length) abort();
      change.descriptor = (int)syscall(SYS_openat, AT_FDCWD, change.from, O_RDWR | O_CLOEXEC, 0);
    }
    *copy = change;
    *slot = copy;
    slot = &copy->before;
  }
  fclose(file);
  real_unlink(history());
}
