"""What can be changed here, read before and after somebody acts: one registry, whatever the action is.

A thing is a row of a small table or a file of the home. Lines are told of what differs, "name: value", with
secrets as "changed"; what two people do in one moment is told apart by the names that each of them used.
"""
