// Values that several runs need and one of them makes: each is made once, by whoever comes first,
// while others that want the same one wait for it. What is made must follow from its key alone, so
// that no result depends on who made it. WebAssembly has no threads there, and needs no locks.
// Tested by tests/engine/shared_values_test.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace fingers {

#ifdef __wasm__
struct Lock {
  void lock() {}
  bool try_lock() { return true; }
  void unlock() {}
};
#else
using Lock = std::mutex;
#endif

/// A value that is made when it is first asked for.
template <class Value>
class MadeOnce {
 public:
  /// The value; `make()` gives it to the first who asks. What `make` throws is thrown on, and the
  /// next one who asks makes it.
  template <class Make>
  const Value& get(Make make) {
    const std::lock_guard<Lock> guard(lock_);
    if (!value_) {
      value_.emplace(make());
    }
    return *value_;
  }

  enum class Found : std::uint8_t { made, ready, busy };

  /// Makes the value where it is neither there nor being made by another: never waits for one.
  template <class Make>
  Found make_if_free(Make make) {
    if (!lock_.try_lock()) {
      return Found::busy;
    }
    const std::lock_guard<Lock> guard(lock_, std::adopt_lock);
    if (value_) {
      return Found::ready;
    }
    value_.emplace(make());
    return Found::made;
  }

 private:
  Lock lock_;
  std::optional<Value> value_;
};

/// Values that several threads go through in order.
template <class Value>
class MadeInOrder {
 public:
  explicit MadeInOrder(std::size_t n) : values_(n) {}

  /// Value `at`; `make(i)` gives value i to whoever comes first. Who would have to wait for it
  /// makes later ones meanwhile: to sleep and to be woken takes longer than many of them.
  template <class Make>
  const Value& get(std::size_t at, Make make) {
    make_until(at + 1, make, [&] { return make_free(at, make) != MadeOnce<Value>::Found::busy; });
    return values_[at].get([&] { return make(at); });
  }

  /// Makes values from `first` on, those that nobody else makes, until `enough()`.
  template <class Make, class Enough>
  void make_until(std::size_t first, Make make, Enough enough) {
    for (std::size_t i = first; i < values_.size() && !enough(); ++i) {
      make_free(i, make);
    }
  }

 private:
  template <class Make>
  typename MadeOnce<Value>::Found make_free(std::size_t at, Make make) {
    return values_[at].make_if_free([&] { return make(at); });
  }

  std::vector<MadeOnce<Value>> values_;
};

/// The last values that were asked for, by key, and older ones that somebody holds: these while
/// there is room for `most`. Who holds one that had to go keeps it.
template <class Key, class Value>
class RecentValues {
 public:
  /// Expects 1 <= n_last <= most.
  RecentValues(std::size_t n_last, std::size_t most) : n_last_(n_last), most_(most) {}

  /// The value of a key, made by `make()` as a std::shared_ptr<Value> where it is not there. That
  /// should be quick, for others wait: what takes long belongs into a MadeOnce of the value.
  template <class Make>
  std::shared_ptr<Value> get(const Key& key, Make make) {
    const std::lock_guard<Lock> guard(lock_);
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const auto& k) { return k.first == key; });
    if (found != kept_.end()) {
      std::rotate(kept_.begin(), found, found + 1);  // the last one asked for stands first
      return kept_.front().second;
    }
    std::shared_ptr<Value> value = make();
    kept_.insert(kept_.begin(), {key, value});
    const auto older = kept_.begin() + static_cast<std::ptrdiff_t>(std::min(n_last_, kept_.size()));
    kept_.erase(
        std::remove_if(older, kept_.end(), [](const auto& k) { return k.second.use_count() == 1; }),
        kept_.end());
    kept_.resize(std::min(most_, kept_.size()));
    return value;
  }

 private:
  std::size_t n_last_;
  std::size_t most_;
  Lock lock_;
  std::vector<std::pair<Key, std::shared_ptr<Value>>> kept_;
};

}  // namespace fingers
