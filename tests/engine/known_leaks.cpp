// For the leak checker of the sanitizers: HDF5 cannot give back the memory of a file that it could
// not write (full disk) or that is damaged. Everything of ours is still checked.

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the checker's name.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
