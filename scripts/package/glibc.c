// Functions of newer versions of glibc for the programs and libraries of a bundle, so that it runs where glibc is older (2.28):
// scripts/bundle builds a library of it, and scripts/package/lower_glibc.py has the rest look there. Each as glibc documents it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

// ---- 2.29: the folder that a child process starts in. GLib, which asks for it, reports the error.
int posix_spawn_file_actions_addchdir_np(void* actions, const char* path) {
  (void)actions, (void)path;
  return ENOSYS;
}

// ---- 2.30
pid_t gettid(void) { return (pid_t)syscall(SYS_gettid); }

// The time that is left on one clock, from now on the other. A step of the system's clock meanwhile shifts the wake-up.
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const struct timespec* until) {
  struct timespec now, end;
  if (clock == CLOCK_REALTIME) return pthread_cond_timedwait(condition, mutex, until);
  if (clock_gettime(clock, &now) != 0 || clock_gettime(CLOCK_REALTIME, &end) != 0) return EINVAL;
  end.tv_sec += until->tv_sec - now.tv_sec;
  end.tv_nsec += until->tv_nsec - now.tv_nsec;
  if (end.tv_nsec < 0) end.tv_nsec += 1000000000, --end.tv_sec;
  if (end.tv_nsec >= 1000000000) end.tv_nsec -= 1000000000, ++end.tv_sec;
  return pthread_cond_timedwait(condition, mutex, &end);
}

// ---- 2.32: whether there is one thread for sure. Never, so that counters are atomic; a newer glibc sets its program's copy.
char __libc_single_threaded = 0;

// ---- 2.33: the kernel's structure is the C library's, on x86-64 and ARM64.
int fstatat(int folder, const char* path, struct stat* result, int flags) {
  return (int)syscall(SYS_newfstatat, folder, path, result, flags);
}
int stat(const char* path, struct stat* result) { return fstatat(AT_FDCWD, path, result, 0); }
int lstat(const char* path, struct stat* result) { return fstatat(AT_FDCWD, path, result, AT_SYMLINK_NOFOLLOW); }
int fstat(int file, struct stat* result) { return (int)syscall(SYS_fstat, file, result); }
int fstatat64(int folder, const char* path, struct stat64* result, int flags) {
  return (int)syscall(SYS_newfstatat, folder, path, result, flags);
}
int stat64(const char* path, struct stat64* result) { return fstatat64(AT_FDCWD, path, result, 0); }
int lstat64(const char* path, struct stat64* result) { return fstatat64(AT_FDCWD, path, result, AT_SYMLINK_NOFOLLOW); }
int fstat64(int file, struct stat64* result) { return (int)syscall(SYS_fstat, file, result); }
int mknod(const char* path, mode_t mode, dev_t device) {
  return (int)syscall(SYS_mknodat, AT_FDCWD, path, mode, (unsigned)device);
}

// ---- 2.34
int close_range(unsigned first, unsigned last, int flags) { return (int)syscall(SYS_close_range, first, last, flags); }

// libresolv had them under names of its own.
int __dn_expand(const unsigned char*, const unsigned char*, const unsigned char*, char*, int);
int __res_query(const char*, int, int, unsigned char*, int);
int __res_nquery(void*, const char*, int, int, unsigned char*, int);
int __res_nsearch(void*, const char*, int, int, unsigned char*, int);
int dn_expand(const unsigned char* message, const unsigned char* end, const unsigned char* from, char* to, int size) {
  return __dn_expand(message, end, from, to, size);
}
int res_query(const char* name, int class, int type, unsigned char* answer, int size) {
  return __res_query(name, class, type, answer, size);
}
int res_nquery(void* state, const char* name, int class, int type, unsigned char* answer, int size) {
  return __res_nquery(state, name, class, type, answer, size);
}
int res_nsearch(void* state, const char* name, int class, int type, unsigned char* answer, int size) {
  return __res_nsearch(state, name, class, type, answer, size);
}

// Since 2.34 the C library itself calls a program's constructors; before, the program handed it a function that did.
typedef int (*main_function)(int, char**, char**);
typedef void (*constructor)(int, char**, char**);

struct constructors {
  constructor first;
  const constructor* rest;
  size_t bytes;  // of the rest
};

static int find_constructors(struct dl_phdr_info* info, size_t size, void* data) {
  (void)size;
  struct constructors* found = data;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const ElfW(Dyn)* entry = (const ElfW(Dyn)*)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_INIT) found->first = (constructor)(info->dlpi_addr + entry->d_un.d_ptr);
      if (entry->d_tag == DT_INIT_ARRAY) found->rest = (const constructor*)(info->dlpi_addr + entry->d_un.d_ptr);
      if (entry->d_tag == DT_INIT_ARRAYSZ) found->bytes = entry->d_un.d_val;
    }
  }
  return 1;  // the program comes first; no other object is looked at
}

static void call_constructors(int count, char** arguments, char** environment) {
  struct constructors found = {0};
  dl_iterate_phdr(find_constructors, &found);
  if (found.first != NULL) found.first(count, arguments, environment);
  for (size_t i = 0; i < found.bytes / sizeof *found.rest; ++i) found.rest[i](count, arguments, environment);
}

int __libc_start_main(main_function entry, int count, char** arguments, constructor init, void (*fini)(void),
                      void (*loader_fini)(void), void* stack_end) {
  int (*start)(main_function, int, char**, constructor, void (*)(void), void (*)(void), void*);
  *(void**)&start = dlsym(RTLD_NEXT, "__libc_start_main");
  return start(entry, count, arguments, init != NULL ? init : call_constructors, fini, loader_fini, stack_end);
}

// ---- 2.35
struct search {
  uintptr_t address;
  struct dl_find_object* result;
};

// Whether the object has the address; 1 ends the iteration.
static int look_at(struct dl_phdr_info* info, size_t size, void* data) {
  (void)size;
  const struct search* wanted = data;
  struct dl_find_object found = {0};
  int has_address = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)* header = &info->dlpi_phdr[i];
    const uintptr_t start = info->dlpi_addr + header->p_vaddr, end = start + header->p_memsz;
    if (header->p_type == PT_GNU_EH_FRAME) found.dlfo_eh_frame = (void*)start;
    if (header->p_type != PT_LOAD) continue;
    if (found.dlfo_map_end == NULL) found.dlfo_map_start = (void*)start;
    found.dlfo_map_end = (void*)end;
    has_address |= start <= wanted->address && wanted->address < end;
  }
  if (has_address) *wanted->result = found;
  return has_address;
}

// What libgcc asks for to unwind a frame, of the object loaded at an address; 0 if there is one. The link map, which it does not
// ask for, is left empty.
int _dl_find_object(void* address, struct dl_find_object* result) {
  struct search wanted = {(uintptr_t)address, result};
  return dl_iterate_phdr(look_at, &wanted) == 1 && result->dlfo_eh_frame != NULL ? 0 : -1;
}

// ---- 2.36. Never fails, as there: without a source of random bytes the process ends.
void arc4random_buf(void* buffer, size_t size) {
  unsigned char* at = buffer;
  while (size > 0) {
    const ssize_t got = getrandom(at, size, 0);
    if (got < 0 && errno != EINTR) abort();
    if (got > 0) at += got, size -= (size_t)got;
  }
}

uint32_t arc4random(void) {
  uint32_t value;
  arc4random_buf(&value, sizeof value);
  return value;
}
