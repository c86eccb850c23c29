/*
 * The agent inside a test guest: runs the commands that the harness sends over a virtio-serial port.
 *
 * Both directions carry frames: type (1 byte), command id (4), payload length (4), payload; integers are big endian.
 *
 *   host -> guest   R  run: length of the script (4), the script for /bin/sh, the bytes of its standard input
 *                   K  kill: signal number (1), sent to the process group of the command
 *   guest -> host   H  hello, once, when the guest is ready
 *                   O  bytes of standard output        E  bytes of standard error
 *                   X  exit code (4), 128 + signal number where a signal ended the shell; the last frame of a command
 *
 * The exit of the shell ends a command, even if something that it started in the background still holds its output.
 * When the host closes the port, the guest powers off: it never outlives the test that started it. The agent is locked
 * in memory and exempt from the OOM killer, so that it answers in a guest that is short of memory.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMANDS_MAX = 32, PAYLOAD_BYTES_MAX = 64 << 20, CHUNK_BYTES = 16 << 10 };

struct command {
	uint32_t id;
	pid_t pid; /* 0: slot is free */
	int out[2]; /* what remains to be read of stdout and stderr, -1 after its end */
};

static struct command commands[COMMANDS_MAX];
static int port;

static void power_off(const char *why)
{
	fprintf(stderr, "agent: %s, powering off\n", why);
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void write_port(const void *data, size_t length)
{
	const char *at = data;
	while (length > 0) {
		ssize_t n = write(port, at, length);
		if (n < 0 && errno != EINTR)
			power_off("the host is gone");
		if (n > 0) {
			at += n;
			length -= (size_t)n;
		}
	}
}

static void read_port(void *data, size_t length)
{
	char *at = data;
	while (length > 0) {
		ssize_t n = read(port, at, length);
		if (n == 0 || (n < 0 && errno != EINTR))
			power_off("the host is gone");
		if (n > 0) {
			at += n;
			length -= (size_t)n;
		}
	}
}

static void send_frame(char type, uint32_t id, const void *payload, uint32_t length)
{
	unsigned char head[9] = { (unsigned char)type };
	uint32_t fields[2] = { htonl(id), htonl(length) };
	memcpy(head + 1, fields, sizeof fields);
	write_port(head, sizeof head);
	write_port(payload, length);
}

static void send_exit(uint32_t id, int code)
{
	uint32_t field = htonl((uint32_t)code);
	send_frame('X', id, &field, sizeof field);
}

/* Sends what can be read now. Returns false when the stream has ended or has nothing more for now. */
static bool forward(struct command *command, int stream)
{
	char chunk[CHUNK_BYTES];
	int fd = command->out[stream];
	if (fd < 0)
		return false;
	ssize_t n = read(fd, chunk, sizeof chunk);
	if (n > 0) {
		send_frame(stream == 0 ? 'O' : 'E', command->id, chunk, (uint32_t)n);
		return true;
	}
	if (n == 0) {
		close(fd);
		command->out[stream] = -1;
	}
	return n < 0 && errno == EINTR;
}

static void child(char *script, int input, int out, int err)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (score < 0 || write(score, "0", 1) != 1)
		_exit(126);
	dup2(input, 0);
	dup2(out, 1);
	dup2(err, 2);
	execl("/bin/sh", "sh", "-c", script, (char *)NULL);
	_exit(127);
}

/* An anonymous file that holds the input, positioned at its start. */
static int input_file(const char *data, size_t length)
{
	int fd = memfd_create("stdin", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	while (length > 0) {
		ssize_t n = write(fd, data, length);
		if (n < 0) {
			close(fd);
			return -1;
		}
		data += n;
		length -= (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void run(uint32_t id, char *script, const char *input, size_t input_length)
{
	struct command *slot = NULL;
	for (int i = 0; i < COMMANDS_MAX && slot == NULL; i++)
		if (commands[i].pid == 0)
			slot = &commands[i];
	int out[2], err[2], in = input_file(input, input_length);
	if (slot == NULL || in < 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
		static const char refused[] = "agent: too many commands or too little memory\n";
		send_frame('E', id, refused, sizeof refused - 1);
		send_exit(id, 126);
		return;
	}
	pid_t pid = fork();
	if (pid == 0)
		child(script, in, out[1], err[1]);
	close(in);
	close(out[1]);
	close(err[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	if (pid < 0) {
		close(out[0]);
		close(err[0]);
		send_exit(id, 126);
		return;
	}
	*slot = (struct command){ .id = id, .pid = pid, .out = { out[0], err[0] } };
}

static void receive(void)
{
	unsigned char head[9];
	read_port(head, sizeof head);
	uint32_t fields[2];
	memcpy(fields, head + 1, sizeof fields);
	uint32_t id = ntohl(fields[0]), length = ntohl(fields[1]);
	if (length > PAYLOAD_BYTES_MAX)
		power_off("a frame is too large");
	char *payload = malloc((size_t)length + 1);
	if (payload == NULL)
		power_off("no memory for a frame");
	read_port(payload, length);
	if (head[0] == 'R' && length >= 4) {
		uint32_t field;
		memcpy(&field, payload, sizeof field);
		uint32_t script_length = ntohl(field);
		if (script_length > length - 4)
			power_off("a frame is malformed");
		char *script = strndup(payload + 4, script_length);
		if (script == NULL)
			power_off("no memory for a script");
		run(id, script, payload + 4 + script_length, length - 4 - script_length);
		free(script);
	} else if (head[0] == 'K' && length == 1) {
		for (int i = 0; i < COMMANDS_MAX; i++)
			if (commands[i].pid != 0 && commands[i].id == id)
				kill(-commands[i].pid, payload[0]);
	} else {
		power_off("a frame is malformed");
	}
	free(payload);
}

/* The agent adopts what its commands left behind, and so reaps processes that it does not know. */
static void reap(int signals)
{
	struct signalfd_siginfo info;
	ssize_t n = read(signals, &info, sizeof info);
	(void)n; /* one signal may stand for several children: waitpid tells */
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < COMMANDS_MAX; i++) {
			struct command *command = &commands[i];
			if (command->pid != pid)
				continue;
			for (int stream = 0; stream < 2; stream++) {
				while (forward(command, stream))
					;
				if (command->out[stream] >= 0)
					close(command->out[stream]);
			}
			send_exit(command->id, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
			command->pid = 0;
		}
	}
}

static void serve(int signals)
{
	struct pollfd fds[2 + 2 * COMMANDS_MAX];
	for (;;) {
		fds[0] = (struct pollfd){ .fd = port, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		for (int i = 0; i < COMMANDS_MAX; i++)
			for (int stream = 0; stream < 2; stream++) {
				int fd = commands[i].pid != 0 ? commands[i].out[stream] : -1;
				fds[2 + 2 * i + stream] = (struct pollfd){ .fd = fd, .events = POLLIN };
			}
		if (poll(fds, sizeof fds / sizeof fds[0], -1) < 0)
			continue;
		for (int i = 0; i < 2 * COMMANDS_MAX; i++)
			if (fds[2 + i].revents != 0)
				forward(&commands[i / 2], i % 2);
		if (fds[1].revents != 0)
			reap(signals);
		if (fds[0].revents & POLLIN)
			receive();
		else if (fds[0].revents != 0)
			power_off("the host is gone");
	}
}

int main(int argc, char **argv)
{
	sigset_t child_ended;
	sigemptyset(&child_ended);
	sigaddset(&child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_ended, NULL);
	signal(SIGPIPE, SIG_IGN);
	int signals = signalfd(-1, &child_ended, SFD_CLOEXEC);
	port = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	if (signals < 0 || port < 0) {
		perror("agent: the port");
		return 1;
	}
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		perror("agent: mlockall");
	send_frame('H', 0, "", 0);
	serve(signals);
}
