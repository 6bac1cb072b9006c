#include "cmd/program/failure.hpp"

#include <cerrno>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>

namespace claptools::cmd {
namespace {

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

bool is_one_of(const std::error_code& code, std::initializer_list<std::errc> conditions) {
  for (const std::errc condition : conditions) {
    if (code == condition) return true;
  }
  return false;
}

/// @param otherwise for a name that cannot be used.
Fault fault_of(const std::error_code& code, Fault otherwise) {
  using std::errc;
  if (is_one_of(code, {errc::resource_unavailable_try_again, errc::not_enough_memory,
                       errc::too_many_files_open, errc::too_many_files_open_in_system}))
    return Fault::unavailable;
  if (is_one_of(code, {errc::no_such_file_or_directory, errc::not_a_directory, errc::is_a_directory,
                       errc::permission_denied, errc::operation_not_permitted,
                       errc::too_many_symbolic_link_levels, errc::filename_too_long,
                       errc::file_exists, errc::read_only_file_system, errc::directory_not_empty}))
    return otherwise;
  return Fault::io;
}

/// The standard library says what it was about, "filesystem error: cannot rename: ...".
bool makes_a_file(const std::filesystem::filesystem_error& error) {
  const std::string_view text = error.what();
  for (const char* word : {"create", "rename", "remove", "copy", "resize", "permissions"}) {
    if (text.substr(0, text.find(':', 20)).find(word) != std::string_view::npos) return true;
  }
  return false;
}

Error of_file_system(const std::filesystem::filesystem_error& error) {
  const Fault otherwise = makes_a_file(error) ? Fault::cannot_create : Fault::no_input;
  const std::string path = error.path1().empty() ? "file system" : error.path1().native();
  return {fault_of(error.code(), otherwise), path, error.code().message()};
}

/// LibTorch, which is not known here, has one type of exception for all that it cannot do.
bool lacks_a_resource(const std::string& reason) {
  for (const char* words : {"can't allocate memory", "not enough memory", "out of memory",
                            "CUDA error", "CUBLAS_STATUS", "CUDNN_STATUS"}) {
    if (reason.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Error current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.fault(), error.subject(), first_line(error.reason())};
  } catch (const std::bad_alloc&) {
    return {Fault::unavailable, "out of memory", "fewer --threads may need less"};
  } catch (const std::filesystem::filesystem_error& error) {
    return of_file_system(error);
  } catch (const std::system_error& error) {
    return {fault_of(error.code(), Fault::no_input), "system", error.code().message()};
  } catch (const nlohmann::json::exception& error) {
    return {Fault::data, "JSON", first_line(error.what())};
  } catch (const std::exception& error) {
    const std::string reason = first_line(error.what());
    if (lacks_a_resource(reason)) return {Fault::unavailable, "LibTorch", reason};
    return {Fault::internal, "internal error", reason};
  } catch (...) {
    return {Fault::internal, "internal error", "an exception of unknown type"};
  }
}

}  // namespace claptools::cmd
