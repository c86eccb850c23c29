package io.jdrbd.kernel;

import io.jdrbd.loop.Loop;

/** What all devices of a daemon share. */
record DeviceContext(
    Loop loop,
    SocketServer server,
    KernelCalls calls,
    NbdControl control,
    SysBlock sys,
    DeviceRecord.Store records,
    DeviceLinks links) {}
