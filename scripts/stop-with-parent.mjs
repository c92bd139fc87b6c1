// Loaded before a script whose parent gave it a channel: it stops when the parent is gone, even if that was killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
