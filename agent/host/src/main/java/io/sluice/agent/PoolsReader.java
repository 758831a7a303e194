package io.sluice.agent;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.document.DocumentException;
import io.sluice.agent.volume.PoolDirectory;
import io.sluice.agent.volume.PoolGroup;
import io.sluice.agent.volume.PoolPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the pools of a configuration file: each key belongs to some kinds, names and places are each pool's own. */
final class PoolsReader {
    /** What LVM takes for a name (lvm(8), VALID NAMES); a leading hyphen would be an option. */
    private static final Pattern LVM_NAME = Pattern.compile("[A-Za-z0-9_+.][A-Za-z0-9_+.-]{0,126}");

    private final Path file;
    private final Set<Object> seen = new HashSet<>();

    private PoolsReader(Path file) {
        this.file = file;
    }

    static List<PoolPlace> read(Path file, List<AgentFile.Pool> given) {
        PoolsReader reader = new PoolsReader(file);
        List<PoolPlace> pools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            pools.add(reader.pool("pools[" + i + "].", given.get(i)));
        }
        return pools;
    }

    private PoolPlace pool(String key, AgentFile.Pool pool) {
        String kind = pool.kind() == null ? "directory" : pool.kind();
        PoolName name = require(key + "name", pool.name());
        own(key + "name", name);
        return switch (kind) {
            case "directory" -> directory(key, name, pool);
            case "lvm-thin" -> thin(key, name, pool);
            case "lvm" -> plain(key, name, pool);
            default -> throw bad(key + "kind", "'" + kind + "' is not known: use directory, lvm-thin or lvm");
        };
    }

    private PoolPlace directory(String key, PoolName name, AgentFile.Pool pool) {
        meaningless(key + "volumeGroup", pool.volumeGroup(), "directory");
        meaningless(key + "thinPool", pool.thinPool(), "directory");
        Path path = require(key + "path", pool.path()).toAbsolutePath().normalize();
        own(key + "path", path);
        return new PoolDirectory(name, path, size(key + "capacity", require(key + "capacity", pool.capacity())));
    }

    private PoolPlace thin(String key, PoolName name, AgentFile.Pool pool) {
        meaningless(key + "path", pool.path(), "lvm-thin");
        String group = lvmName(key + "volumeGroup", pool.volumeGroup());
        String thinPool = lvmName(key + "thinPool", pool.thinPool());
        own(key + "thinPool", group + "/" + thinPool);
        String capacity = pool.capacity();
        return new PoolGroup(name, group, thinPool, capacity == null ? null : size(key + "capacity", capacity));
    }

    private PoolPlace plain(String key, PoolName name, AgentFile.Pool pool) {
        meaningless(key + "path", pool.path(), "lvm");
        meaningless(key + "thinPool", pool.thinPool(), "lvm");
        meaningless(key + "capacity", pool.capacity(), "lvm");
        String group = lvmName(key + "volumeGroup", pool.volumeGroup());
        own(key + "volumeGroup", group);
        return new PoolGroup(name, group, null, null);
    }

    private String lvmName(String key, @Nullable String text) {
        String name = require(key, text);
        if (!LVM_NAME.matcher(name).matches()) {
            throw bad(key, "'" + name + "' is no name of LVM: use letters, digits and _+.-");
        }
        return name;
    }

    private void own(String key, Object nameOrPlace) {
        if (!seen.add(nameOrPlace)) {
            throw bad(key, "name and place of each pool are its own: '" + nameOrPlace + "' repeats one");
        }
    }

    private void meaningless(String key, @Nullable Object value, String kind) {
        if (value != null) {
            throw bad(key, "has no meaning for a pool of kind " + kind + ": remove it");
        }
    }

    private long size(String key, String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new DocumentException(file, key, String.valueOf(e.getMessage()), e);
        }
    }

    private <T> T require(String key, @Nullable T value) {
        if (value == null) {
            throw bad(key, "is missing: add it, see the documented example");
        }
        return value;
    }

    private DocumentException bad(String key, String problem) {
        return new DocumentException(file, key, problem);
    }
}
