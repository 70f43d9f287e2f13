package io.narthex.reconcile;

import io.narthex.reconcile.Change.Kind;
import io.narthex.reconcile.Change.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what two configurations mean. */
public final class ConfigDiff {

    private static final int LONGEST_VALUE = 120;

    private ConfigDiff() {}

    /** Returns every difference: jobs, rule groups, settings, files, flags, each ordered by name. */
    public static List<Change> between(ConfigView before, ConfigView after) {
        List<Change> changes = new ArrayList<>();
        jobs(before, after, changes);
        compare(Part.RULE_GROUP, before.ruleGroups(), after.ruleGroups(), changes);
        compare(Part.SETTING, before.settings(), after.settings(), changes);
        compare(Part.FILE, before.files(), after.files(), changes);
        compare(Part.FLAG, before.flags(), after.flags(), changes);
        return List.copyOf(changes);
    }

    private static void jobs(ConfigView before, ConfigView after, List<Change> changes) {
        for (String name : bothKeys(before.jobs(), after.jobs())) {
            Map<String, Object> was = before.jobs().get(name);
            Map<String, Object> is = after.jobs().get(name);
            if (was == null && is != null) {
                changes.add(new Change(Kind.ADDED, Part.JOB, name, "", "", summary(is)));
            } else if (was != null && is == null) {
                changes.add(new Change(Kind.REMOVED, Part.JOB, name, "", summary(was), ""));
            } else if (was != null && is != null) {
                for (String field : bothKeys(was, is)) {
                    String old = shown(was, field);
                    String now = shown(is, field);
                    if (!ConfigView.canonical(was.get(field)).equals(ConfigView.canonical(is.get(field)))) {
                        changes.add(new Change(Kind.CHANGED, Part.JOB, name, field, old, now));
                    }
                }
            }
        }
    }

    private static void compare(
            Part part, SortedMap<String, ?> before, SortedMap<String, ?> after, List<Change> changes) {
        for (String name : bothKeys(before, after)) {
            boolean was = before.containsKey(name);
            boolean is = after.containsKey(name);
            if (was && is && ConfigView.canonical(before.get(name)).equals(ConfigView.canonical(after.get(name)))) {
                continue;
            }
            // A group or a file is too long to show; that it differs is what there is to say.
            boolean whole = part == Part.RULE_GROUP || part == Part.FILE;
            changes.add(new Change(
                    was ? (is ? Kind.CHANGED : Kind.REMOVED) : Kind.ADDED,
                    part,
                    name,
                    "",
                    was && !whole ? shown(before, name) : "",
                    is && !whole ? shown(after, name) : ""));
        }
    }

    private static Iterable<String> bothKeys(Map<String, ?> a, Map<String, ?> b) {
        TreeSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys;
    }

    private static String shown(Map<String, ?> map, String key) {
        if (!map.containsKey(key)) {
            return "";
        }
        String text = ConfigView.canonical(map.get(key));
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
    }

    /** Says in a few words where a job's targets come from: {@code 3 static targets}, {@code dns_sd_configs}. */
    private static String summary(Map<String, Object> job) {
        int targets = 0;
        List<String> sources = new ArrayList<>();
        for (Map.Entry<String, Object> entry : new TreeMap<>(job).entrySet()) {
            if (entry.getKey().equals("static_configs")) {
                for (Object group : entry.getValue() instanceof List<?> groups ? groups : List.of()) {
                    if (group instanceof Map<?, ?> map && map.get("targets") instanceof List<?> list) {
                        targets += list.size();
                    }
                }
                sources.add(targets + (targets == 1 ? " static target" : " static targets"));
            } else if (entry.getKey().endsWith("_sd_configs")) {
                sources.add(entry.getKey().replace("_sd_configs", " discovery"));
            }
        }
        return String.join(", ", sources);
    }
}
