#pragma once

#include <sys/types.h>

#include <atomic>
#include <string>
#include <string_view>

namespace claptools {

/// How an input begins that is a command, as WebDataset writes it: "pipe:COMMAND".
inline constexpr std::string_view kPipe = "pipe:";

/// A command that writes what is to be read: run by `sh -c`, with nothing to read from. Only for
/// commands that the user gives and has allowed.
class PipedCommand {
 public:
  /// @throws Error{unavailable} naming the command if no process can be started.
  explicit PipedCommand(const std::string& command);
  PipedCommand(const PipedCommand&) = delete;
  PipedCommand& operator=(const PipedCommand&) = delete;
  /// Ends the command if it still runs.
  ~PipedCommand();

  /// To read what it writes; valid until finish().
  std::string path() const;

  /// Reads on a little, as the padding of a tar file, and waits for the command. What has more to
  /// write is ended, and has not failed by that.
  /// @param stop once it is set, the command is ended at once.
  /// @return why it failed ("exits with 3"); empty if it did not.
  std::string finish(const std::atomic<bool>& stop);

 private:
  int wait(const std::atomic<bool>& stop);

  int descriptor_ = -1;
  ::pid_t child_ = -1;
};

}  // namespace claptools
