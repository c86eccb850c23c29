package io.jdrbd.kernel;

import io.jdrbd.kernel.memory.MemoryHold;
import io.jdrbd.loop.Loop;
import io.jdrbd.nbd.server.NbdServer;

/** What all devices of a daemon share. */
record DeviceContext(
    Loop loop,
    NbdServer server,
    KernelCalls calls,
    NbdControl control,
    SysBlock sys,
    DeviceRecord.Store records,
    DeviceLinks links,
    MemoryHold memory) {}
