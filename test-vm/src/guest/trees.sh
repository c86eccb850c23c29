# shellcheck shell=bash
# Functions that put programs of this machine into the file tree of a guest or a container. Sourced.

# Ends the script with a message, one argument a line.
fail() {
	printf "$(basename "$0"): %s\n" "$@" >&2
	exit 1
}

# make_tree ROOT: the directories of a root file system, with busybox as every command that it knows. The shell is dash: that of
# busybox prefers its own commands to the real ones.
make_tree() {
	mkdir -p "$1"/{dev,proc,sys,tmp,run,image,mnt,root,etc,var/tmp,usr/bin,usr/sbin,usr/lib,usr/lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1"
	ln -s ../run "$1/var/run"
	ln -s ../run/lock "$1/var/lock"
	cp /bin/busybox "$1/usr/bin/"
	/bin/busybox --list-full | sed 's,^usr/,,' | while read -r applet; do
		mkdir -p "$1/$(dirname "$applet")"
		[ -e "$1/$applet" ] || ln -s /bin/busybox "$1/$applet"
	done
	add_programs "$1" /bin/dash
	ln -sf dash "$1/usr/bin/sh"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
	echo 'root:x:0:' >"$1/etc/group"
	echo '127.0.0.1 localhost' >"$1/etc/hosts"
}

# add_programs ROOT FILE...: programs or libraries of this machine, and the libraries they need, at the same paths.
add_programs() {
	local root=$1 program library
	shift
	for program in "$@"; do
		mkdir -p "$root$(dirname "$program")"
		rm -f "$root$program"
		cp -L "$program" "$root$program"
		ldd "$program" 2>/dev/null | grep -o '/[^ )]*' | while read -r library; do
			[ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"; }
		done
	done
}

# add_jvm_libraries ROOT: what a JVM asks the system for.
add_jvm_libraries() {
	local directory
	directory=$(dirname "$(ldd /bin/sh | grep -o '/[^ ]*/libc\.so\.6')")
	add_programs "$1" "$directory"/{libc.so.6,libm.so.6,libdl.so.2,libpthread.so.0,librt.so.1}
}
